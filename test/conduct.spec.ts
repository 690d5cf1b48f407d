import { KINDS } from './conduct/callers.js';
import { LOGS } from './conduct/log-lines.js';
import { measure, precision, recall, type Accuracy, type Measure, type Measured } from './conduct/measure.js';
import { trafficOf } from './conduct/traffic.js';

/** The short form; `npm run test:conduct` is the long one, and writes docs/retries.md. */
const SIZE = { seed: 2026, callers: 6, minutes: 15 };
const [JSON_LOG, HEADERS, WITH_EXTRAS, COMBINED] = LOGS.map(({ name }) => name) as [
  string,
  string,
  string,
  string,
];

describe('what is inferred of generated traffic', () => {
  const measured = [...measure(SIZE)];
  /** Of all kinds of clients whose name has one of these words. */
  const accuracy = (log: string, what: Measure, ...words: string[]): Accuracy => {
    const isMeant = (one: Measured): boolean =>
      one.log.name === log && words.some((word) => one.kind.includes(word));
    const sum = (count: keyof Accuracy): number =>
      measured.filter(isMeant).reduce((total, one) => total + one.accuracy[what][count], 0);
    return { hits: sum('hits'), false: sum('false'), missed: sum('missed') };
  };

  it('is the same in each run', () => {
    expect(trafficOf(KINDS[0]!, 3, 5, 7)).toEqual(trafficOf(KINDS[0]!, 3, 5, 7));
  });

  it.each<[log: string, what: Measure, of: string[], atLeast: number]>([
    [
      JSON_LOG,
      'retries',
      ['backs off', 'on the dot', 'does not wait', 'changes', 'proxy', 'not its agent'],
      0.98,
    ],
    [JSON_LOG, 'early', ['does not wait', 'proxy'], 0.98],
    [JSON_LOG, 'repeatedWrites', ['on the dot', 'does not wait'], 0.98],
    [JSON_LOG, 'retries', ['and its agent'], 0.7],
    [HEADERS, 'retries', ['backs off', 'on the dot', 'does not wait', 'changes', 'and its agent'], 0.99],
    [HEADERS, 'repeatedWrites', ['on the dot', 'does not wait'], 1],
    [
      WITH_EXTRAS,
      'retries',
      ['backs off', 'on the dot', 'does not wait', 'changes', 'proxy', 'not its agent'],
      0.95,
    ],
    [WITH_EXTRAS, 'early', ['does not wait', 'proxy'], 0.95],
    [COMBINED, 'retries', ['backs off', 'on the dot', 'does not wait', 'not its agent'], 0.9],
  ])('%s: %s of clients that %j are right and found at %d', (log, what, words, atLeast) => {
    const one = accuracy(log, what, ...words);
    expect(one.hits).toBeGreaterThan(0);
    expect(precision(one)).toBeGreaterThanOrEqual(atLeast);
    expect(recall(one)).toBeGreaterThanOrEqual(atLeast);
  });

  it('nobody who waits is called early, in any log', () => {
    for (const { name } of LOGS)
      expect(accuracy(name, 'early', 'backs off', 'on the dot', 'changes', 'not its agent').false).toBe(0);
  });

  it('nobody is suspected whose headers say that nothing was sent again', () => {
    expect(accuracy(HEADERS, 'retries', 'never', 'polls', 'makes')).toEqual({ hits: 0, false: 0, missed: 0 });
  });
});
