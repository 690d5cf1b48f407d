import { MISSING, STRING, TRUE } from './json-word.js';
import { KeyValueFields } from './key-value-fields.js';
import { Text } from './request.js';

const KEYS = ['status', 'a.b', 'ok'];
const [STATUS, DOTTED, OK] = [0, 1, 2];

/** Keeps `key=value` words, as a format would. */
function kept(line: string, fields = new KeyValueFields(KEYS)): KeyValueFields {
  const bytes = Buffer.from(line);
  fields.reset(bytes);
  let start = 0;
  for (const word of line.split(' ')) {
    const equals = word.indexOf('=');
    const end = start + word.length;
    if (equals < 0) fields.keepFlag(start, end);
    else fields.keep(start, start + equals, start + equals + 1, end, word.includes('\\'));
    start = end + 1;
  }
  return fields;
}

function textOf(fields: KeyValueFields, slot: number): string {
  const text = new Text();
  fields.toText(slot, text);
  return text.toString();
}

describe('KeyValueFields', () => {
  it('keeps wanted keys alone, by the slot of the key', () => {
    const fields = kept('x=1 a.b=2 status=503');
    expect([fields.kind(STATUS), fields.kind(DOTTED), fields.kind(OK)]).toEqual([STRING, STRING, MISSING]);
    expect([textOf(fields, STATUS), textOf(fields, DOTTED)]).toEqual(['503', '2']);
    expect(fields.kind(KEYS.length)).toBe(MISSING); // the slot of what has no key
  });

  it('takes the first value of a key, and a value before a flag', () => {
    expect(textOf(kept('status=1 status=2'), STATUS)).toBe('1');
    expect(textOf(kept('status status=2'), STATUS)).toBe('2');
    expect(textOf(kept('status=1 status'), STATUS)).toBe('1');
    expect(kept('ok').kind(OK)).toBe(TRUE);
  });

  it('forgets the line before', () => {
    const fields = kept('status=1 ok');
    kept('a.b=2', fields);
    expect([fields.kind(STATUS), fields.kind(OK)]).toEqual([MISSING, MISSING]);
  });

  it('decodes escapes, each text on its own, however long', () => {
    const long = 'y'.repeat(5000);
    const fields = kept(`status=\\x22a\\" a.b=${long}\\t ok=\\\\`);
    const texts = [STATUS, DOTTED, OK].map((slot) => {
      const text = new Text();
      fields.toText(slot, text);
      return text;
    });
    expect(texts.map(String)).toEqual(['"a"', `${long}\t`, '\\']);
  });
});
