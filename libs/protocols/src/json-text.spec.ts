import fc from 'fast-check';
import { jsonText } from './json-text.js';

const decoded = (bytes: Buffer) => jsonText(bytes, 0, bytes.length);

it('gives what JSON.parse gives', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, escapes) => {
      const plain = JSON.stringify(text);
      const json = escapes
        ? plain.replace(/[^\0-~]/gu, (char) =>
            [...Array(char.length).keys()]
              .map((i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`)
              .join(''),
          )
        : plain;
      expect(decoded(Buffer.from(json)).toString()).toBe(text);
    }),
  );
});

it('leaves bytes that are no UTF-8 as they are, with and without escapes', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1');
  expect(decoded(latin1('"/caf\xe9"'))).toEqual(latin1('/caf\xe9'));
  expect(decoded(latin1('"\\"/caf\xe9\\n"'))).toEqual(latin1('"/caf\xe9\n'));
});

it('leaves what is no escape, and half a pair is the character that stands for none', () => {
  expect(decoded(Buffer.from('"\\x\\u12g4\\u"')).toString()).toBe('\\x\\u12g4\\u');
  expect(decoded(Buffer.from('"a\\ud83db"')).toString()).toBe('a\ufffdb');
  expect(decoded(Buffer.from('"\\ude00"')).toString()).toBe('\ufffd');
});
