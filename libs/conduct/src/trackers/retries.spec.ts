import { BEGIN, POLICY, countedOf, foundBy, noted, plain } from '../../../../test/harness/steps.js';
import { Findings } from '../findings.js';
import type { NotedStep, Step } from '../step.js';
import { Retries } from './retries.js';

type Counts = Readonly<Record<string, number>>;

const notFound = (end: number): NotedStep =>
  noted({ end, code: 404, verdict: 'client_fault', reason: 'not_found', disposition: 'never' });
const refused = (end: number, known: Partial<NotedStep> = {}): NotedStep =>
  noted({
    end,
    code: 401,
    verdict: 'client_fault',
    reason: 'authentication',
    disposition: 'change_first',
    ...known,
  });
const session = (end: number, caller = 0xca11e2): NotedStep =>
  noted({ end, operation: 2, caller, role: 'opens_session', code: 200, verdict: 'ok', reason: 'success' });
/** Seen by a log with whole seconds. */
const coarse = <Any extends Step>(step: Any): Any => ({
  ...step,
  startMs: Math.floor(step.startMs / 1000) * 1000,
  endMs: Math.floor(step.endMs / 1000) * 1000,
});

describe('a retry', () => {
  it.each<[what: string, steps: Step[], counted: Counts]>([
    ['the same request soon after a failure', [noted({ end: 0 }), plain({ end: 5 })], { 'v|503|allowed': 1 }],
    ['what the document forbids', [notFound(0), notFound(5)], { 'v|404|never': 1 }],
    [
      'each link of a chain',
      [noted({ end: 0 }), notFound(2), plain({ end: 4 })],
      { 'v|503|allowed': 1, 'v|404|never': 1 },
    ],
    ['not what follows a success', [plain({ end: 0 }), plain({ end: 5 })], {}],
    ['not another operation', [noted({ end: 0 }), plain({ end: 5, operation: 2 })], {}],
    ['not what began before the failure ended', [noted({ end: 5 }), plain({ end: 6, took: 2 })], {}],
    ['not what comes after the window', [noted({ end: 0 }), plain({ end: 60.2 })], {}],
    [
      'what comes within the window after a promised wait',
      [noted({ end: 0, retryAfter: 120 }), plain({ end: 179 })],
      { 'v|503|allowed': 1 },
    ],
    [
      'one of one failure: the second repeats what went well',
      [noted({ end: 0 }), plain({ end: 5 }), plain({ end: 6 })],
      { 'v|503|allowed': 1 },
    ],
    [
      'one of each failure of callers that look alike',
      [noted({ end: 0 }), noted({ end: 0.04 }), plain({ end: 5 }), plain({ end: 5 })],
      { 'v|503|allowed': 2 },
    ],
    [
      'what was answered two minutes after its time, not what took longer',
      [
        noted({ end: 0 }),
        noted({ end: 0, operation: 2 }),
        plain({ end: 179, took: 125 }),
        plain({ end: 181, took: 125, operation: 2 }),
      ],
      { 'v|503|allowed': 1 },
    ],
    [
      'of an undocumented status only if it says failure',
      [
        noted({ end: 0, code: 200, verdict: 'undocumented', disposition: 'undocumented' }),
        noted({ end: 5, code: 418, verdict: 'undocumented', disposition: 'undocumented' }),
        plain({ end: 7 }),
      ],
      { 'v|418|undocumented': 1 },
    ],
    ['what a caller declares', [noted({ end: 0 }), noted({ end: 90, attempt: 2 })], { 'v|503|allowed': 1 }],
    [
      'of the attempt before, as callers count',
      [
        noted({ end: 0, attempt: 1 }),
        noted({ end: 1, code: 500, attempt: 2 }),
        noted({ end: 2, attempt: 2 }),
      ],
      { 'v|503|allowed': 1 },
    ],
    [
      'of an Idempotency-Key whatever the attempt is called',
      [noted({ end: 0, attempt: 1, isExact: true }), plain({ end: 5, attempt: 1 })],
      { 'v|503|allowed': 1 },
    ],
    ['not what a caller calls its first attempt', [noted({ end: 0 }), noted({ end: 5, attempt: 1 })], {}],
    ['not after a renewed session', [refused(0), session(1), plain({ end: 2 })], {}],
    [
      'after the session of another caller',
      [refused(0), session(1, 0xbad), plain({ end: 2 })],
      { 'v|401|change_first': 1 },
    ],
    [
      'what comes in the second of the failure, if the log has whole seconds',
      [coarse(noted({ end: 5.5 })), coarse(plain({ end: 5.8 }))],
      { 'v|503|allowed': 1 },
    ],
  ])('is %s', (_, steps, counted) => {
    expect(countedOf(foundBy(Retries, steps), 'retries')).toEqual(counted);
  });

  it('is also counted by the consumer that the settings know', () => {
    const steps = [
      noted({ end: 0, consumer: 'billing' }),
      plain({ end: 1 }),
      noted({ end: 0, operation: 2 }),
      plain({ end: 1, operation: 2 }),
    ];
    expect(countedOf(foundBy(Retries, steps), 'consumerRetries')).toEqual({
      'v|billing|allowed': 1,
      'v|other|allowed': 1,
    });
  });
});

const waiting = (retryAfter: number, end = 0): NotedStep =>
  noted({ end, retryAfter, disposition: 'wait_first' });

describe('a promised wait', () => {
  it.each<[what: string, steps: Step[], counted: Counts]>([
    ['kept', [waiting(10), plain({ end: 10.2 })], { 'v|503|kept': 1 }],
    ['kept, but for what clocks are worth', [waiting(10), plain({ end: 10.045 })], { 'v|503|kept': 1 }],
    ['broken', [waiting(10), plain({ end: 9.9 })], { 'v|503|early': 1 }],
    ['left alone', [waiting(10), plain({ end: 100 })], { 'v|503|never_returned': 1 }],
    [
      'broken and then left alone',
      [waiting(10), waiting(10, 1)],
      { 'v|503|early': 1, 'v|503|never_returned': 1 },
    ],
    ['none if it is no second', [waiting(0), plain({ end: 1 })], {}],
    ['none if none was promised', [waiting(-1), plain({ end: 1 })], {}],
    [
      'kept as far as whole seconds tell: both ends may have been later, by up to one',
      [
        coarse(waiting(10)),
        { ...coarse(plain({ end: 11 })), startMs: coarse(plain({ end: 11 })).endMs - 1050 },
      ],
      { 'v|503|kept': 1 },
    ],
    [
      'broken whatever whole seconds hide',
      [coarse(waiting(10, 0.9)), coarse(plain({ end: 9.1 }))],
      { 'v|503|early': 1 },
    ],
  ])('is %s', (_, steps, counted) => {
    expect(countedOf(foundBy(Retries, steps), 'retryWaits')).toEqual(counted);
  });

  it('of which the caller waited half is told as a half', () => {
    const found = foundBy(Retries, [waiting(10), plain({ end: 5.05 })]);
    expect(countedOf(found, 'retryWaitRatio')).toEqual({ 'v|2': 1, 'v|sum': 500 });
  });

  it('is missing only where the document promises one and the log has the field', () => {
    const found = foundBy(Retries, [waiting(-1), waiting(-2), waiting(5), noted({ end: 0, retryAfter: -1 })]);
    expect(countedOf(found, 'retryAfterMissing')).toEqual({ 'v|503': 1 });
  });
});

describe('a chain', () => {
  it.each<[outcome: string, steps: Step[], requests: number]>([
    ['recovered', [noted({ end: 0 }), noted({ end: 1 }), plain({ end: 3 })], 3],
    ['exhausted', [noted({ end: 0 }), notFound(1)], 2],
    ['abandoned', [noted({ end: 0 })], 1],
    ['heeded', [notFound(0)], 1],
    ['heeded', [refused(0), session(1), plain({ end: 2 })], 1],
  ])('is %s', (outcome, steps, requests) => {
    expect(countedOf(foundBy(Retries, steps), 'retryChains')).toMatchObject({
      [`v|${outcome}|sum`]: requests,
    });
  });
});

describe('a herd', () => {
  const herd = (callers: number, secondsBetween: number, later = 0): [string, number][] => {
    const findings = new Findings('s');
    const retries = new Retries(POLICY, undefined);
    for (let i = 0; i < callers; i++) retries.noted({ ...waiting(10), operation: i }, findings);
    for (let i = 0; i < callers; i++)
      retries.plain(plain({ end: 10.6 + i * secondsBetween, operation: i }), findings);
    retries.settle(BEGIN + 40_000 + later, findings);
    return findings.gauges;
  };

  it('comes back in one second, also across the turn of one', () => {
    expect(herd(30, 0.02)).toEqual([['retryHerd|s|v', 1000]]);
  });
  it('is none if callers come one by one', () => {
    expect(herd(30, 0.5)).toEqual([['retryHerd|s|v', 67]]);
  });
  it('is not told of a few, and over five minutes later', () => {
    expect(herd(19, 0)).toEqual([['retryHerd|s|v', 0]]);
    expect(herd(30, 0, 300_000)).toEqual([['retryHerd|s|v', 0]]);
  });
});

describe('what is remembered', () => {
  const MANY = 3 * POLICY.maxOperations;

  it('is bounded, and what is forgotten is counted', () => {
    const steps = Array.from({ length: MANY }, (_, i) => noted({ end: i / 1000, operation: i }));
    const found = foundBy(Retries, steps);
    expect(countedOf(found, 'conductSkipped')).toEqual({ evicted: MANY - POLICY.maxOperations });
    expect(countedOf(found, 'retryChains')).toMatchObject({ 'v|abandoned|0': POLICY.maxOperations });
  });

  it('of one operation, too: whoever looks for the one that is repeated stays quick', () => {
    const policy = { ...POLICY, maxOperations: 50_000 };
    const steps = Array.from({ length: MANY }, () => noted({ end: 1, took: 0.9 }));
    expect(countedOf(foundBy(Retries, steps, policy), 'conductSkipped')).toEqual({ evicted: MANY - 1000 });
  });

  it('of a promise without end, only for a day', () => {
    expect(countedOf(foundBy(Retries, [waiting(Number.MAX_SAFE_INTEGER)]), 'retryWaits')).toEqual({
      'v|503|never_returned': 1,
    });
  });
});
