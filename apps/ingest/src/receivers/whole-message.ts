import { Refused } from '../refusal.js';

const MIB = 1024 ** 2;

/**
 * Bytes of the largest message that is read as a whole. Nothing else is done meanwhile, and a hostile one takes 0.2 s for
 * each MiB; of JSON, a byte may take twelve of memory besides. A usual batch has less than one MiB and takes milliseconds.
 */
const LARGEST = { json: 16 * MIB, protobuf: 32 * MIB, msgpack: 32 * MIB } as const;

/** @param message after decompression @throws Refused if it is too large to be read at once */
export function mustBeReadable(message: Uint8Array, encoding: keyof typeof LARGEST): void {
  const largest = LARGEST[encoding];
  if (message.length <= largest) return;
  throw new Refused(
    'too_large',
    `After decompression it has ${message.length} bytes; of ${encoding} ${largest} are taken. Send smaller batches.`,
  );
}
