import fc from 'fast-check';
import { COMPLETE, INCOMPLETE, JsonFields, MALFORMED } from './json-fields.js';
import { FALSE, MISSING, NESTED, NULL, NUMBER, STRING, TRUE } from './json-word.js';
import { Text } from './request.js';

const PATHS = [['a'], ['b', 'a'], ['b', '1'], ['list', '0', 'a'], ['"é'], ['b']];
const key = fc.constantFrom('a', 'b', 'c', '"é', 'list', '__proto__', '0', '1');
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.string({ unit: 'binary' }),
    fc.constantFrom(null, true, false, '\\"\n', '\u{1f600}'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));

/** The value at a path, by JSON.parse; undefined if there is none. */
function at(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, name) =>
      node !== null && typeof node === 'object' && Object.hasOwn(node, name)
        ? (node as Record<string, unknown>)[name]
        : undefined,
    root,
  );
}

function taken(fields: JsonFields, slot: number, bytes: Uint8Array): unknown {
  const raw = (): unknown =>
    JSON.parse(Buffer.from(bytes.subarray(fields.start(slot), fields.endOf(slot))).toString());
  const text = new Text();
  switch (fields.kind(slot)) {
    case MISSING:
      return undefined;
    case NULL:
      return null;
    case FALSE:
      return false;
    case TRUE:
      return true;
    case NUMBER:
    case NESTED:
      return raw();
    case STRING:
      fields.toText(slot, text);
      return text.toString();
  }
}

function walk(text: string | Uint8Array, paths = [['a']]): JsonFields {
  const fields = new JsonFields(paths);
  const bytes = Buffer.from(text as string);
  fields.walk(bytes, 0, bytes.length);
  return fields;
}

describe('JsonFields', () => {
  it('agrees with JSON.parse', () => {
    fc.assert(
      fc.property(
        fc.dictionary(key, value),
        fc.constantFrom(undefined, 1, '\t', ' \r\n'),
        (object, indent) => {
          const text = JSON.stringify(object, null, indent);
          const bytes = Buffer.from(`${text}{`);
          const fields = new JsonFields(PATHS);
          expect(fields.walk(bytes, 0, bytes.length)).toBe(COMPLETE);
          expect(fields.end).toBe(bytes.length - 1);
          const parsed = JSON.parse(text) as unknown;
          PATHS.forEach((path, slot) => expect(taken(fields, slot, bytes)).toEqual(at(parsed, path)));
        },
      ),
    );
  });

  it('calls every beginning of an object incomplete', () => {
    fc.assert(
      fc.property(fc.dictionary(key, value), fc.nat(), (object, cut) => {
        const bytes = Buffer.from(JSON.stringify(object));
        expect(new JsonFields(PATHS).walk(bytes, 0, cut % bytes.length)).toBe(INCOMPLETE);
      }),
    );
  });

  it('never throws, whatever the bytes', () => {
    const jsonLike = fc.array(fc.constantFrom(...'{}[]":,\\ \n0-truefalsn\u0000aé'), { maxLength: 60 });
    fc.assert(
      fc.property(
        fc.oneof(
          jsonLike.map((c) => Buffer.from(`{${c.join('')}`)),
          fc.uint8Array(),
        ),
        (bytes) => {
          const end = new JsonFields(PATHS);
          end.walk(bytes, 0, bytes.length);
          expect(end.end).toBeLessThanOrEqual(bytes.length);
        },
      ),
    );
  });

  it('lets the last of two equal keys win, with all that is inside', () => {
    const fields = walk('{"r":{"h":"x","s":1},"a":1,"r":{"s":2},"a":2}', [['a'], ['r', 'h'], ['r', 's']]);
    expect([fields.kind(0), fields.kind(1), fields.kind(2)]).toEqual([NUMBER, MISSING, NUMBER]);
    expect(fields.start(0)).toBe(43);
  });

  it('reads objects that differ in their blanks, keys and order, one after the other', () => {
    const fields = new JsonFields([['a'], ['bcd']]);
    for (const text of [
      '{"bcd":1,"a":2}',
      '{"bcd": 1,"a":\n2}',
      '{"a":2,"bcd":1}',
      '{"bce":1,"bcd":1,"a":2}',
      '{"bcd":1',
    ]) {
      const bytes = Buffer.from(text);
      const isWhole = text.endsWith('}');
      expect(fields.walk(bytes, 0, bytes.length)).toBe(isWhole ? COMPLETE : INCOMPLETE);
      if (isWhole) expect([taken(fields, 0, bytes), taken(fields, 1, bytes)]).toEqual([2, 1]);
      expect(fields.lineBreak).toBe(text.indexOf('\n'));
    }
  });

  it('takes escaped keys, bytes that are not UTF-8, and a dash for a number', () => {
    expect(walk('{"\\u0061":1}').kind(0)).toBe(NUMBER);
    expect(walk(Buffer.from('{"a":"\xff\xfe"}', 'latin1')).kind(0)).toBe(STRING);
    expect(walk('{"a":-}').status).toBe(COMPLETE);
  });

  it.each([
    '{"a":"x\ny"}',
    '{"a":"x\\\ny"}',
    '{"a" 1}',
    '{"a":1,}',
    '{"a":}',
    '{a:1}',
    '[]',
    '{"a":[1}',
    '{"a":nul}',
    `{"a":${'['.repeat(99)}`,
  ])('finds %j malformed', (text) => expect(walk(text).status).toBe(MALFORMED));
});
