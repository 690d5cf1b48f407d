import fc from 'fast-check';
import { MalformedBulk, readBulk } from './elasticsearch-bulk.js';

function read(body: string | Buffer, index?: string) {
  const actions: string[] = [];
  const key = readBulk(Buffer.from(body as string), index, (action, event) =>
    actions.push(
      `${action.name} ${action.index ?? '-'} ${action.id ?? '-'} ${event && Buffer.from(event).toString('latin1')}`,
    ),
  );
  return { actions, key };
}

it('reads what shippers write', () => {
  const body = [
    '{"create":{"_index":"logs-a"}}',
    '{"message":"x"}',
    '{"index": {"_index": "b","_type":"_doc","_id":"7"}}',
    '{"status":503}',
    '',
    '{"index":{}}',
    ' {"a":1}\r',
    '{"delete":{"_index":"b","_id":7}}',
    '{"update":{"_id":"1"}}',
    '{"doc":{"a":{"doc":2}},"doc_as_upsert":true}',
    '{"update":{"_id":"1"}}',
    '{"script":{"source":"x"},"upsert":{"b":1}}',
    '{"update":{"_id":"1"}}',
    '{"script":{"source":"x"}}',
    '{"index":{"_index":null}}',
    'no JSON',
  ].join('\n');
  expect(read(body, 'path').actions).toEqual([
    'create logs-a - {"message":"x"}',
    'index b 7 {"status":503}',
    'index path - {"a":1}\r',
    'delete b 7 undefined',
    'update path 1 {"a":{"doc":2}}',
    'update path 1 {"b":1}',
    'update path 1 undefined',
    'index path - no JSON',
  ]);
});

it('passes documents on as the bytes that came, whatever they are', () => {
  const documents = fc.array(fc.uint8Array().filter((bytes) => !bytes.includes(0x0a)));
  fc.assert(
    fc.property(documents, fc.boolean(), (all, lastIsEnded) => {
      const lines = all.flatMap((bytes) => [Buffer.from('{"index":{}}\n'), bytes, Buffer.from('\n')]);
      const body = Buffer.concat(lastIsEnded ? lines : lines.slice(0, -1));
      if (!lastIsEnded && all.at(-1)?.length === 0) return;
      const seen: Buffer[] = [];
      readBulk(body, 'i', (_, event) => seen.push(Buffer.from(event!)));
      expect(seen.map(String)).toEqual(
        all.map((bytes) =>
          Buffer.from(bytes)
            .toString()
            .replace(/^[ \t\r\n]+/, ''),
        ),
      );
    }),
  );
});

it('a document that looks like an action is none', () => {
  expect(read('{"index":{}}\n{"delete":{}}\n{"index":{}}\n\n', 'i').actions).toEqual([
    'index i - {"delete":{}}',
    'index i - ',
  ]);
});

it.each([
  ['no JSON\n{}\n', 'Malformed action/metadata line [1], expected an object with one action'],
  ['{"index":{}}\n{}\n{"a":1}\n{}', 'line [3], expected one of [index], [create], [update], [delete]'],
  ['{"index":{},"create":{}}\n{}', 'line [1], expected an object with one action'],
  ['{"index":[]}\n{}', 'line [1], expected an object behind [index]'],
  ['[]\n{}', 'line [1]'],
  ['{"index":{}}', 'line [1], its document is missing'],
  ['{"index":{}}\n', 'line [1], its document is missing'],
  [`{"index":{"_id":"${'x'.repeat(9000)}"}}\n{}`, 'line [1], it is longer than 8192 bytes'],
])('%j is told with its line', (body, problem) => {
  expect(() => read(body)).toThrow(MalformedBulk);
  expect(() => read(body)).toThrow(problem);
});

describe('the key of a request', () => {
  const two = (first: string, second: string) => read(`${first}\n{"a":1}\n${second}\n{"b":2}\n`, 'i').key;

  it('is there only if every action has an id', () => {
    expect(two('{"index":{"_id":"1"}}', '{"index":{"_id":"2"}}')).toMatch(/^[0-9a-f]{64}$/);
    expect(two('{"index":{"_id":"1"}}', '{"index":{}}')).toBeUndefined();
    expect(two('{"index":{}}', '{"index":{"_id":"2"}}')).toBeUndefined();
    expect(read('').key).toBeUndefined();
  });

  it('follows from ids, indices and their order', () => {
    const a = '{"index":{"_id":"1"}}';
    const b = '{"index":{"_id":"2"}}';
    const key = two(a, b);
    expect(two(a, '{"index": {"_id": "2", "_index": "i"}}')).toBe(key);
    for (const other of [two(b, a), two(a, '{"index":{"_id":"2","_index":"j"}}'), two(a, a)])
      expect(other).not.toBe(key);
  });
});
