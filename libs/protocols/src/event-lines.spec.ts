import fc from 'fast-check';
import { EventLines } from './event-lines.js';

function linesOf(...events: (string | Uint8Array)[]): string {
  const lines = new EventLines();
  for (const event of events) lines.add(Buffer.from(event));
  return lines.lines.toString('latin1');
}

describe('events as lines', () => {
  it.each([
    { events: ['a', 'b'], lines: 'a\nb\n', why: 'each is ended' },
    { events: ['a\n', 'b\r\n', '\n', ''], lines: 'a\nb\n', why: 'the line break behind it is no part of it' },
    { events: ['a\nb\rc'], lines: 'a\\x0ab\\x0dc\n', why: 'a line break within is escaped' },
    { events: ['{"a":\n1\r\n}'], lines: '{"a": 1  }\n', why: 'in an object it is a blank' },
    { events: [Buffer.from([0x61, 0xe9, 0xff])], lines: 'a\xe9\xff\n', why: 'bytes are no text' },
  ])('$why', ({ events, lines }) => {
    expect(linesOf(...events)).toBe(lines);
  });

  it('are as many as were added, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (events) => {
        const lines = new EventLines();
        for (const event of events) lines.add(event);
        const { length } = events.filter((event) => event.some((byte) => byte !== 0x0a && byte !== 0x0d));
        expect(lines.events).toBe(length);
        expect(lines.lines.filter((byte) => byte === 0x0a)).toHaveLength(length);
        expect(lines.lines.includes(0x0d)).toBe(false);
        expect(lines.bytes).toBe(lines.lines.length);
      }),
    );
  });

  it('stay what they are when more are added', () => {
    const lines = new EventLines();
    lines.add(Buffer.from('first'));
    const before = lines.lines;
    for (let i = 0; i < 2000; i++) lines.add(Buffer.from('another'));
    expect(before.toString()).toBe('first\n');
  });
});
