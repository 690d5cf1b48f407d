import fc from 'fast-check';
import { EventReader } from '../event-reader.js';
import { FIRST_REJECTION, NO_STATUS, OUTCOMES, READ } from '../format.js';
import { ReducedLines } from '../reduced-lines.js';
import { ABSENT, CAUSES, MADE_BY, NOT_LOGGED, OTHER_METHOD, Request, Text } from '../request.js';
import { LATER_NUMBERS, LATER_TEXTS, NUMBERS, TEXTS, reduced } from './reduced.js';

const ALL_NUMBERS = [...NUMBERS, ...LATER_NUMBERS];
const ALL_TEXTS = [...TEXTS, ...LATER_TEXTS];

const state = fc.constantFrom(ABSENT, NOT_LOGGED);
const number = fc.oneof(state, fc.nat(), fc.maxSafeNat());
const text = fc.oneof(
  state,
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom('', '-', '=', ' x ', '\\', 'a\tb\nc').map((it) => Buffer.from(it)),
);

const request = fc
  .record({
    numbers: fc.array(number, { minLength: ALL_NUMBERS.length, maxLength: ALL_NUMBERS.length }),
    texts: fc.array(text, { minLength: ALL_TEXTS.length, maxLength: ALL_TEXTS.length }),
    attempts: fc.array(fc.integer({ min: 100, max: 599 }), { maxLength: 16 }),
    code: fc.integer({ min: 100, max: 599 }),
    method: fc.integer({ min: NOT_LOGGED, max: OTHER_METHOD }),
    origin: fc.nat(MADE_BY.length - 1),
    cause: fc.nat(CAUSES.length - 1),
  })
  .map(({ numbers, texts, attempts, ...rest }) => {
    const made = new Request();
    ALL_NUMBERS.forEach((name, i) => (made[name] = numbers[i]!));
    ALL_TEXTS.forEach((name, i) => {
      const value = texts[i]!;
      if (typeof value === 'number') made[name].unset(value);
      else made[name].set(value, 0, value.length);
    });
    made.earlierAttempts.set(attempts);
    made.attemptCount = attempts.length;
    return Object.assign(made, rest);
  });

/** Everything that a request tells. */
const told = ({ earlierAttempts, attemptCount, ...fields }: Request): unknown[] => [
  ...Object.entries(fields).map(([name, value]) =>
    value instanceof Text
      ? [name, value.present ? [...value.bytes.subarray(value.start, value.end)] : value.start]
      : [name, value],
  ),
  ...earlierAttempts.subarray(0, attemptCount),
];

function eventsOf(bytes: Uint8Array): { outcome: number; told: unknown; line: string }[] {
  const events: { outcome: number; told: unknown; line: string }[] = [];
  const reader = new EventReader(reduced, {}, (outcome, read, line, start, end) =>
    events.push({ outcome, told: told(read), line: Buffer.from(line).toString('latin1', start, end) }),
  );
  reader.push(bytes);
  reader.end();
  return events;
}

describe('a reduced line', () => {
  it('is read as the request that was written', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 3 }), (requests) => {
        const lines = new ReducedLines();
        for (const one of requests) lines.write(one);
        const events = eventsOf(lines.take());
        expect(events.map(({ outcome }) => outcome)).toEqual(requests.map(() => READ));
        expect(events.map((event) => event.told)).toEqual(requests.map(told));
      }),
    );
  });

  it('keeps of any other line what became of it, and its shape', () => {
    const outcome = fc.constantFrom(NO_STATUS, ...OUTCOMES.keys()).filter((one) => one >= NO_STATUS);
    fc.assert(
      fc.property(outcome, fc.uint8Array({ maxLength: 1000 }), (what, line) => {
        const lines = new ReducedLines();
        lines.pass(what, line, 0, line.length);
        const events = eventsOf(lines.take());
        expect(events.map((event) => event.outcome)).toEqual([what]);
        const [, shape = ''] = /^!\w+ ?(.*)$/.exec(events[0]!.line)!;
        expect(shape).toMatch(/^[a9x"[\]{}():;,=/.\-|<> ]{0,300}$/);
      }),
    );
  });

  it('shows no letter and no digit of a line that could not be read', () => {
    const line = Buffer.from('10.1.2.3 jane "GET /x?token=S3cret!\0\u00e9" {"a":');
    const lines = new ReducedLines();
    lines.pass(FIRST_REJECTION, line, 0, line.length);
    expect(Buffer.from(lines.take()).toString()).toBe(
      '!malformed_json 99.9.9.9 aaaa "aaa /axaaaaa=a9aaaaxxxx" {"a":\n',
    );
  });

  it('has an outcome, whatever stands in it', () => {
    const bit = fc.constantFrom(
      '\t',
      '-',
      '=',
      '!',
      '1',
      '503',
      '99999999999999999',
      'read',
      'malformed_json ',
    );
    const reader = reduced.reader({});
    const read = new Request();
    fc.assert(
      fc.property(fc.array(fc.oneof(bit, fc.string()), { maxLength: 40 }), (bits) => {
        const bytes = Buffer.from(bits.join(''));
        const outcome = reader.read(bytes, 0, bytes.length, read);
        expect(OUTCOMES[outcome]).toBeDefined();
        if (outcome === READ) expect(read.code >= 100 && read.code <= 599).toBe(true);
      }),
    );
  });

  it('is known to be cut off', () => {
    const lines = new ReducedLines();
    lines.write(Object.assign(new Request(), { code: 503 }));
    const bytes = lines.take();
    const reader = reduced.reader({});
    const whole = bytes.length - 1;
    const read = Array.from({ length: whole + 1 }, (_, end) => end).filter(
      (end) => reader.read(bytes, 0, end, new Request()) === READ,
    );
    // what comes before the later fields is a line of an older version
    expect(read).toEqual([whole - '\t\t\t\t\t\t.'.length, whole - 1, whole]);
  });

  it('of an older version ends before the later fields, which are not logged then', () => {
    fc.assert(
      fc.property(request, (one) => {
        const lines = new ReducedLines();
        lines.write(one);
        const line = Buffer.from(lines.take()).toString('latin1').trimEnd().split('\t');
        const older = line.slice(0, -1 - LATER_NUMBERS.length - LATER_TEXTS.length).join('\t');
        for (const name of LATER_NUMBERS) one[name] = NOT_LOGGED;
        for (const name of LATER_TEXTS) one[name].unset(NOT_LOGGED);
        expect(eventsOf(Buffer.from(older, 'latin1'))).toMatchObject([{ outcome: READ, told: told(one) }]);
      }),
    );
  });
});
