import { Refused } from '../refusal.js';
import { mustBeReadable } from './whole-message.js';

const MIB = 1024 ** 2;

describe('a message that is read as a whole', () => {
  it.each([
    ['json', 16],
    ['protobuf', 32],
    ['msgpack', 32],
  ] as const)('of %s may have %d MiB', (encoding, mib) => {
    const message = new Uint8Array(mib * MIB + 1);
    mustBeReadable(message.subarray(1), encoding);
    expect(() => mustBeReadable(message, encoding)).toThrow(Refused);
  });
});
