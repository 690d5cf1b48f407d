import { jsonEvent, pairsEvent } from './lumberjack-event.js';

const EVENT = {
  '@timestamp': '2026-11-21T06:07:42.123Z',
  '@metadata': { beat: 'filebeat' },
  message: 'a line',
  fields: { source: 'san' },
  agent: { name: 'web1', ephemeral_id: 'e1' },
  log: { offset: 100, file: { path: '/var/log/a.log', inode: '7' } },
};
const read = (event: object) => jsonEvent(Buffer.from(JSON.stringify(event)));

describe('jsonEvent', () => {
  it('leaves the bytes as they came and tells the names', () => {
    const bytes = Buffer.from(JSON.stringify(EVENT));
    const { event, names } = jsonEvent(bytes);
    expect(event).toBe(bytes);
    expect(names).toEqual(['san', 'web1', 'filebeat']);
  });

  it('tells the same position of the same line, and another one of any other', () => {
    const { position } = read(EVENT);
    expect(read({ ...EVENT, message: 'in whatever order', tags: [] }).position).toBe(position);
    const { agent, log } = EVENT;
    for (const other of [
      { ...EVENT, agent: { ...agent, ephemeral_id: 'e2' } },
      { ...EVENT, log: { ...log, offset: 101 } },
      { ...EVENT, log: { ...log, file: { ...log.file, path: '/b' } } },
      { ...EVENT, log: { ...log, file: { ...log.file, inode: '8' } } },
      { ...EVENT, '@timestamp': '2026-11-21T06:07:43.123Z' },
    ])
      expect(read(other).position).not.toBe(position);
  });

  it.each([{ ...EVENT, agent: {} }, { ...EVENT, log: {} }, {}])(
    'has no position without a file: %j',
    (event) => {
      expect(read(event).position).toBeUndefined();
    },
  );

  it.each(['', 'no JSON', '7', 'null', '[1]', '{"fields":"x","log":null,"agent":{"name":7}}'])(
    'takes %j as it is',
    (text) => {
      const { names, position, event } = jsonEvent(Buffer.from(text));
      expect([names, position, event.toString()]).toEqual([[], undefined, text]);
    },
  );
});

describe('pairsEvent', () => {
  const body = (...texts: string[]): Buffer =>
    Buffer.concat(
      texts.flatMap((text) => {
        const bytes = Buffer.from(text, 'latin1');
        const length = Buffer.alloc(4);
        length.writeUInt32BE(bytes.length);
        return [length, bytes];
      }),
    );

  it('gives the line, byte for byte, and the names', () => {
    const { event, names } = pairsEvent(body('host', 'web1', 'line', 'caf\xe9', 'type', 'nginx'));
    expect([event.toString('latin1'), names]).toEqual(['caf\xe9', ['nginx', 'web1']]);
  });

  it('gives an object where there is no line', () => {
    expect(pairsEvent(body('a', '1', 'b', '"')).event.toString()).toBe('{"a":"1","b":"\\""}');
  });
});
