import fc from 'fast-check';
import { JsonMembers } from './json-members.js';

const read = (json: string, keys: readonly string[], limit?: number) => {
  const bytes = Buffer.from(json);
  const members = new JsonMembers(keys);
  const end = members.read(bytes, 0, limit ?? bytes.length);
  const values = keys.map((_, place) =>
    members.has(place) ? bytes.toString('utf8', members.start(place), members.end(place)) : undefined,
  );
  return { end, values };
};

it('finds values by their keys, nested ones as they are', () => {
  const json = '{ "a" : {"b":[1,"}"]} ,\n"b":"x\\"}", "c" : -1.5e3 }{"a":1}';
  expect(read(json, ['a', 'b', 'c', 'd'])).toEqual({
    end: json.length - '{"a":1}'.length,
    values: ['{"b":[1,"}"]}', '"x\\"}"', '-1.5e3', undefined],
  });
});

it('takes the last of a key that comes twice, and only keys of the outermost object', () => {
  expect(read('{"a":1,"b":{"a":2},"a":3}', ['a']).values).toEqual(['3']);
});

it.each(['', '[]', '{', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{a:1}', '{"a" 1}', '{"a":}'])(
  '%s is no whole object',
  (json) => expect(read(json, ['a']).end).toBe(-1),
);

it.each(['{"a":"\\', '{"a":"x', '{"a":[1', '{"a":1}'])('does not look behind its limit: %s', (json) => {
  expect(read(`${json}"]}`, ['a'], json.length - 1).end).toBe(-1);
});

it('finds in any object what JSON.parse finds', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (object, indent) => {
      const json = JSON.stringify({ ...object, here: object }, undefined, indent);
      const { end, values } = read(`${json}, more`, ['here']);
      expect(end).toBe(Buffer.byteLength(json));
      expect(JSON.parse(values[0]!)).toEqual(JSON.parse(JSON.stringify(object)));
    }),
  );
});
