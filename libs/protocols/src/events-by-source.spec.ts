import { EventsBySource } from './events-by-source.js';

const KNOWN: Readonly<Record<string, string>> = { san: 'san', 'logs-san': 'san', edge: 'edge' };
const find = (names: readonly string[]): string | undefined =>
  names.map((name) => KNOWN[name]).find((source) => source !== undefined);

function sorted(...events: readonly (readonly [names: string[], event: string])[]): EventsBySource {
  const all = new EventsBySource(find);
  for (const [names, event] of events) all.add(names, Buffer.from(event));
  return all;
}
const told = (events: EventsBySource) =>
  events.all.map(({ source, kind, lines }) => `${source} ${kind} ${lines.toString()}`);

describe('events by source', () => {
  it('go by the first name that is known', () => {
    const events = sorted([['x', 'logs-san'], 'a'], [['edge'], 'b'], [['san', 'edge'], 'c']);
    expect(told(events)).toEqual(['san texts a\nc\n', 'edge texts b\n']);
  });

  it('are kept apart by what they are, so that either can be read alike', () => {
    const events = sorted([['san'], 'a'], [['san'], '{"b":1}'], [['san'], 'c']);
    expect(told(events)).toEqual(['san objects {"b":1}\n', 'san texts a\nc\n']);
    expect(events.bytes).toBe('{"b":1}\na\nc\n'.length);
  });

  it('of names that nobody knows are counted, and some of the names told', () => {
    const events = new EventsBySource(find);
    expect(events.add(['san'], Buffer.from('a'))).toBe(true);
    for (let i = 0; i < 1000; i++) expect(events.add([`x${i}`, 'y'], Buffer.from('a'))).toBe(false);
    expect(events.unknown).toBe(1000);
    expect(events.unknownNames).toHaveLength(10);
    expect(events.unknownNames[0]).toBe('x0 or y');
    expect(events.all).toHaveLength(1);
  });
});
