import fc from 'fast-check';
import { JsonMembers } from './json-members.js';
import { eachJsonObject } from './json-sequence.js';

function split(text: string): string[] {
  const bytes = Buffer.from(text);
  const found: string[] = [];
  eachJsonObject(bytes, new JsonMembers([]), (start, end, isObject) =>
    found.push(`${isObject ? '' : 'broken: '}${bytes.toString('utf8', start, end)}`),
  );
  return found;
}

it.each(['', '\n', ' , ', '\r\n\r\n'])('objects between "%j" come as they went', (between) => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), (objects) => {
      const texts = objects.map((object) => JSON.stringify(object));
      expect(split(texts.join(between))).toEqual(texts);
      expect(split(`[${texts.join(',')}]`)).toEqual(texts);
    }),
  );
});

it.each(['{"a":1', 'x', '{"a":"', '{{}}', '"{}"', '\0'])('%j in its line leaves the others whole', (bad) => {
  expect(split(`{"a":0}\n${bad}\n{"b":2}\n\n{"c":3}{"d":4}`)).toEqual([
    '{"a":0}',
    `broken: ${bad}`,
    '{"b":2}',
    '{"c":3}',
    '{"d":4}',
  ]);
});

it('an object over several lines is one', () => {
  expect(split('{\n"a":\n{}\n}\n{}')).toEqual(['{\n"a":\n{}\n}', '{}']);
});

it('takes time in proportion to what it reads', () => {
  const started = performance.now();
  split('{"a":[\n'.repeat(300_000));
  expect(performance.now() - started).toBeLessThan(3000);
});
