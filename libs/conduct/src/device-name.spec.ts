import fc from 'fast-check';
import { isDeviceName } from '#verdict';
import { isNameOfDevice } from './device-name.js';

describe('bytes name a device', () => {
  it('where their text does', () => {
    const bytes = fc.uint8Array({ maxLength: 70 });
    const names = fc
      .array(fc.constantFrom(...'aZ09_.:-'), { maxLength: 66 })
      .map((characters) => Buffer.from(characters.join('')));
    fc.assert(
      fc.property(fc.oneof(bytes, names), fc.nat(3), (name, before) => {
        const lying = Buffer.concat([Buffer.alloc(before, 0x61), name, Buffer.from('/x')]);
        expect(isNameOfDevice(lying, before, before + name.length)).toBe(
          isDeviceName(Buffer.from(name).toString('latin1')),
        );
      }),
    );
  });
});
