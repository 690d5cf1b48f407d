import fc from 'fast-check';
import { EXPECTED, follow, stepAt } from '../../../../test/harness/following.js';
import type { NotedStep, Role } from '../step.js';
import { Sessions } from './sessions.js';

const CALLERS = ['ann', 'bob'];
const ROLES: Readonly<Record<string, Role>> = {
  login: 'opens_session',
  logout: 'closes_session',
  writes: 'other',
};

/** `bob 30 login`, `40 writes`, `60 logout`, `70 login 503`; seconds, the caller is ann unless told otherwise. */
function stepOf(line: string): NotedStep {
  const [, caller = 'ann', second, what, code] = /^(?:(ann|bob) )?([\d.]+) (\w+)(?: (\d+))?$/.exec(line)!;
  return stepAt(Number(second), {
    caller: CALLERS.indexOf(caller),
    role: ROLES[what!]!,
    ...(code === undefined ? {} : ({ code: 503, verdict: 'retryable_busy', reason: 'busy' } as const)),
  });
}

const told = (text: string, way = {}) => follow(Sessions, text.split(', ').map(stepOf), way);

/** Opened, closed, left open. */
function counts(counted: Readonly<Record<string, number>>): number[] {
  return ['opened', 'closed', 'left_open'].map((outcome) => counted[`sessions|acme|${outcome}`] ?? 0);
}

describe('Sessions', () => {
  it.each([
    ['closed', '0 login, 60 logout', [1, 1, 0]],
    ['left open', '0 login', [1, 0, 1]],
    ['refused', '0 login 503', [0, 0, 0]],
    ['not closed, for the API is busy', '0 login, 60 logout 503', [1, 0, 1]],
    ['closed by somebody else', '0 login, bob 60 logout', [1, 1, 1]],
    ['two, one of them closed', '0 login, 10 login, 60 logout', [2, 1, 1]],
    ['closed, and opened before the log began', '60 logout', [0, 1, 0]],
    ['closed after a day of work', '0 login, 3000 writes, 6000 writes, 9000 logout', [1, 1, 0]],
    ['closed after a day of reading, which nobody sees', '0 login, 9000 logout', [1, 1, 1]],
  ])('counts what is %s', (_, text, expected) => {
    expect(counts(told(text).counted)).toEqual(expected);
  });

  it.each([
    ['while it may live unused', '0 login', 290, 1],
    ['no longer', '0 login', 310, 0],
    ['after it was closed', '0 login, 60 logout', 290, 0],
    ['as long as its caller is at work', '0 login, 200 writes', 490, 1],
    ['of two only the newest, if one caller is at work', '0 login, 1 login, 200 writes', 490, 1],
    ['of two callers both', '0 login, bob 0 login', 290, 2],
  ])('tells how many seem to be open: %s', (_, text, until, expected) => {
    expect(told(text, { until }).gauges).toEqual({ 'sessionsOpen|acme|array-1': expected });
  });

  it('tells of a leak by one session a second 300, as many as live unused', () => {
    const leak = Array.from({ length: 1000 }, (_, i) => `${i} login`).join(', ');
    const [sessions] = Object.values(told(leak, { until: 1000 }).gauges);
    expect(sessions).toBeGreaterThanOrEqual(290);
    expect(sessions).toBeLessThanOrEqual(300);
  });

  it('does not tell how many are open where no document says how long one lives', () => {
    const policy = { ...EXPECTED, sessionIdle: new Map() };
    const { counted, gauges } = told('0 login, 10 login, 60 logout', { policy });
    expect(counts(counted)).toEqual([2, 1, 1]);
    expect(gauges).toEqual({});
  });

  it('remembers no more than it may, and says what it forgot', () => {
    const { counted } = told('0 login, 1 login, bob 2 login', { policy: { ...EXPECTED, maxOperations: 2 } });
    expect(counts(counted)).toEqual([3, 0, 2]);
    expect(counted['conductSkipped|evicted']).toBe(1);
  });
});

const anyStory = fc.array(
  fc
    .record({
      caller: fc.constantFrom(...CALLERS),
      at: fc.integer({ min: 0, max: 8000 }),
      what: fc.constantFrom('login', 'logout', 'writes', 'login 503'),
    })
    .map(({ caller, at, what }) => stepOf(`${caller} ${at} ${what}`)),
  { maxLength: 40 },
);

describe('whatever happens, Sessions', () => {
  it('tells the same after restarts, and if empty slices are judged too', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const expected = follow(Sessions, story, { until: 9000 });
        expect(follow(Sessions, story, { until: 9000, restarts: true })).toEqual(expected);
        expect(follow(Sessions, story, { until: 9000, judgesEmpty: true })).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('leaves no session open that nobody opened, and remembers nothing for ever', () => {
    fc.assert(
      fc.property(anyStory, fc.integer({ min: 1, max: 50 }), (story, maxOperations) => {
        const { counted, gauges, state } = follow(Sessions, story, {
          policy: { ...EXPECTED, maxOperations },
        });
        const [opened, closed, left] = counts(counted) as [number, number, number];
        expect(left).toBeLessThanOrEqual(opened);
        expect(left + closed + (counted['conductSkipped|evicted'] ?? 0)).toBeGreaterThanOrEqual(opened);
        expect(Object.values(gauges).every((sessions) => sessions === 0)).toBe(true);
        expect(state).toBe('[[],[]]');
      }),
    );
  });
});
