import fc from 'fast-check';
import { EXPECTED, follow, inWholeSeconds, stepAt } from '../../../../test/harness/following.js';
import type { Step } from '../step.js';
import { Authentication } from './authentication.js';

const CALLERS = ['ann', 'bob'];
const REQUESTS = ['list', 'writes', 'login'];
const refusal = { code: 401, verdict: 'client_fault', reason: 'authentication' } as const;

/**
 * `0 list 401`, `5 list`, `5 writes`, `5 login`, `bob 5 login 401`: seconds, what, and its status if it did not go well.
 * Of a `list` that went well nothing but the operation is known.
 */
function stepOf(line: string): Step {
  const [, caller = 'ann', second, what, code] = /^(?:(ann|bob) )?([\d.]+) (\w+)(?: (\d+))?$/.exec(line)!;
  const known = stepAt(Number(second), {
    caller: CALLERS.indexOf(caller),
    operation: CALLERS.indexOf(caller) * 100 + REQUESTS.indexOf(what!),
    role: what === 'login' ? 'opens_session' : 'other',
    ...(code === '401' ? refusal : {}),
    ...(code === '503' ? ({ code: 503, verdict: 'retryable_busy', reason: 'busy' } as const) : {}),
  });
  const { startMs, endMs, operation, attempt } = known;
  return what === 'list' && code === undefined ? { startMs, endMs, operation, attempt } : known;
}

const steps = (text: string): Step[] => text.split(', ').map(stepOf);
const counted = (text: string, way = {}) => follow(Authentication, steps(text), way).counted;
const RENEWED = { 'authentication|acme|renewed': 1 };
const BROKEN = { 'authentication|acme|broken': 1 };

describe('Authentication', () => {
  it.each([
    ['a login follows', '0 list 401, 1 login', RENEWED],
    ['a login follows after a failed one', '0 list 401, 1 login 401, 5 login', RENEWED],
    ['the same request goes well', '0 list 401, 30 list', RENEWED],
    ['the same write goes well', '0 writes 401, 30 writes', RENEWED],
    ['one of several requests goes well', '0 list 401, 1 writes 401, 2 login 401, 30 writes', RENEWED],
    ['nothing follows', '0 list 401', BROKEN],
    ['the login is refused as busy', '0 list 401, 1 login 503', BROKEN],
    ['somebody else logs in', '0 list 401, bob 1 login', BROKEN],
    ['another request goes well', '0 list 401, 1 writes', BROKEN],
    ['the login comes too late', '0 list 401, 61 login', BROKEN],
    ['the same went well before', '0 list, 1 list 401', BROKEN],
    ['a run lasts', '0 list 401, 20 list 401, 40 list 401, 60 list 401, 80 list 401', BROKEN],
    ['a run lasts, and ends well', '0 list 401, 20 list 401, 40 list 401, 60 list 401, 80 list', BROKEN],
    ['all is well', '0 login, 1 list, 2 writes', {}],
  ])('counts a run once: %s', (_, text, expected) => {
    expect(counted(text)).toEqual(expected);
  });

  it('does not wait for the end of a run that never ends', () => {
    const hours = Array.from({ length: 720 }, (_, i) => `${i * 10} list 401`).join(', ');
    expect(counted(hours, { until: 300 })).toEqual(BROKEN);
    expect(counted(hours, { until: 7200 })).toEqual(BROKEN);
  });

  it('counts a new run after a minute without a refusal', () => {
    expect(counted('0 list 401, 300 list 401, 301 login')).toEqual({ ...RENEWED, ...BROKEN });
  });

  it('tells callers and devices apart', () => {
    const [refused, login] = steps('0 list 401, 1 login') as [Step, Step];
    expect(follow(Authentication, [refused, { ...login, device: 'array-2' } as Step]).counted).toEqual(
      BROKEN,
    );
    expect(counted('0 list 401, bob 0 list 401, 1 login')).toEqual({ ...RENEWED, ...BROKEN });
  });

  it('knows a login in the same second in a log without milliseconds', () => {
    const [refused, login] = steps('0 list 401, 0.2 login').map(inWholeSeconds) as [Step, Step];
    expect(follow(Authentication, [refused, login]).counted).toEqual(RENEWED);
  });

  it('remembers no more than it may, and says what it forgot', () => {
    const text = '0 list 401, bob 1 list 401, 2 list';
    expect(counted(text, { policy: { ...EXPECTED, maxOperations: 1 } })).toEqual({
      ...BROKEN,
      'conductSkipped|evicted': 1,
    });
  });
});

const anyStory = fc.array(
  fc
    .record({
      caller: fc.constantFrom(...CALLERS),
      at: fc.integer({ min: 0, max: 600 }),
      what: fc.constantFrom('list 401', 'writes 401', 'login 401', 'list', 'writes', 'login'),
    })
    .map(({ caller, at, what }) => stepOf(`${caller} ${at} ${what}`)),
  { maxLength: 40 },
);

describe('whatever happens, Authentication', () => {
  it('tells the same after restarts, and if empty slices are judged too', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const expected = follow(Authentication, story, { until: 900 });
        expect(follow(Authentication, story, { until: 900, restarts: true })).toEqual(expected);
        expect(follow(Authentication, story, { until: 900, judgesEmpty: true })).toEqual(expected);
      }),
    );
  });

  it('counts no more runs than refusals, at least one if there are any, and remembers nothing for ever', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const { counted: found, state } = follow(Authentication, story);
        const runs = Object.values(found).reduce((sum, count) => sum + count, 0);
        const refusals = story.filter((step) => 'code' in step && step.code === 401).length;
        expect(runs).toBeLessThanOrEqual(refusals);
        expect(runs > 0).toBe(refusals > 0);
        expect(state).toBe('[[]]');
      }),
    );
  });
});
