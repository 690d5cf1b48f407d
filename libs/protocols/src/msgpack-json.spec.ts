import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { MsgpackJson } from './msgpack-json.js';

const writer = new MsgpackJson();
const textOf = (bytes: Uint8Array | undefined, encoding: BufferEncoding): string | undefined =>
  bytes && Buffer.from(bytes).toString(encoding);
const jsonOf = (bytes: Uint8Array): string | undefined => textOf(writer.of(Buffer.from(bytes), 0), 'latin1');
const ofHex = (hex: string): string | undefined => jsonOf(Buffer.from(hex, 'hex'));

describe('MsgpackJson', () => {
  it('writes whatever JSON can say as what it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const written = textOf(writer.of(Buffer.from(encode(value)), 0), 'utf8')!;
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    ['the largest integer', 'cfffffffffffffffff', '18446744073709551615'],
    ['the smallest integer', 'd38000000000000000', '-9223372036854775808'],
    ['a 32-bit float', 'ca3f000000', '0.5'],
    ['infinity', 'cb7ff0000000000000', 'null'],
    ['negative numbers of one byte', '93ffe0d080', '[-1,-32,-128]'],
    ['a str32 of bytes that are no text', 'db00000003e92f22', '"\xe9/\\""'],
    ['a bin', 'c4020a41', '"\\nA"'],
    ['EventTime in eight bytes', 'd7005f5e1000000003e8', '1600000000.000001000'],
    ['EventTime with a length', 'c708005f5e1000000003e8', '1600000000.000001000'],
    ['another extension', 'd40501', 'null'],
    ['integers as keys', '8201020304', '{"1":2,"3":4}'],
  ])('writes %s', (_, hex, json) => {
    expect(ofHex(hex)).toBe(json);
  });

  it.each([
    ['a key that is no text', '81c001'],
    ['what is nested too deep', `${'91'.repeat(61)}c0`],
  ])('does not write %s', (_, hex) => {
    expect(ofHex(hex)).toBeUndefined();
  });

  it('takes 60 levels, and a million of them without a stack to overflow', () => {
    expect(ofHex(`${'91'.repeat(60)}c0`)).toBe(`${'['.repeat(60)}null${']'.repeat(60)}`);
    expect(jsonOf(Buffer.concat([Buffer.alloc(1_000_000, 0x91), Buffer.from([0xc0])]))).toBeUndefined();
  });
});
