import { broken, doubled, oldestLoss } from './laws.js';
import type { Outcome, SourceOutcome } from './outcome.js';
import type { Acknowledged } from './sender.js';

const batch = (id: string, at: number): Acknowledged => ({ id, at, lines: 10 });
const ACKNOWLEDGED = [batch('a', 1000), batch('b', 9000), batch('c', 20_000)];
/** What Redis had synced at 8000 was kept; it was killed at 9500. */
const POWER_CUT = {
  of: 'power',
  at: 9500,
  keptUntil: 8000,
  cutBytes: 99,
  pauses: [],
  backAt: 10_000,
} as const;

const source = (overrides: Partial<SourceOutcome> = {}): SourceOutcome => ({
  source: 'edge',
  keyed: true,
  sent: {
    acknowledged: ACKNOWLEDGED,
    requests: 5,
    refused: 1,
    unanswered: 1,
    unreachable: 0,
    inDoubt: 20,
  },
  acknowledged: 30,
  classified: 28,
  rejected: 1,
  ignored: 1,
  counted: 30,
  lost: [],
  unbalanced: 0,
  shown: 30,
  inPrometheus: 30,
  ...overrides,
});

const outcome = (
  fsync: 'always' | 'everysec',
  one: SourceOutcome,
  overrides: Partial<Outcome> = {},
): Outcome => ({
  plan: { seed: 1, lines: 30, kills: 0, fsync, linesPerBatch: 10 },
  seconds: 20,
  faults: [],
  redisEnds: [POWER_CUT],
  longestSync: 300,
  backwards: [],
  pages: 9,
  sources: [one],
  resets: 0,
  leftJobs: 0,
  leftPayloads: 0,
  dead: [],
  versions: { redis: '7.0.15', prometheus: '2.42.0' },
  ...overrides,
});

/** A source of which one acknowledged batch was not counted. */
const without = (lost: Acknowledged): SourceOutcome => source({ counted: 20, lost: [lost] });

describe('a run', () => {
  it('has nothing to tell if all was kept', () => {
    expect(broken(outcome('always', source()))).toEqual([]);
  });

  it('may lose with everysec what was acknowledged after the last sync, and with always nothing', () => {
    const lost = { ...without(ACKNOWLEDGED[1]!), shown: 20, inPrometheus: 20 };
    expect(broken(outcome('everysec', lost))).toEqual([]);
    expect(broken(outcome('always', lost))).toEqual(['edge: 10 acknowledged lines are lost']);
  });

  it.each([ACKNOWLEDGED[0]!, ACKNOWLEDGED[2]!])(
    'must not lose what was synced, or what nothing happened to: $id',
    (lost) => {
      expect(broken(outcome('everysec', without(lost)))).toContain(
        'edge: 10 lines are lost that Redis had written or synced',
      );
    },
  );

  it('may lose to a power cut what a killed Redis had written and the next one had not synced yet', () => {
    const killed = {
      of: 'process',
      at: 9500,
      keptUntil: 9490,
      cutBytes: 0,
      pauses: [],
      backAt: 10_500,
    } as const;
    const lost = without(ACKNOWLEDGED[1]!);
    const withEnds = (...redisEnds: Outcome['redisEnds']) => broken(outcome('everysec', lost, { redisEnds }));
    const powerCut = { ...POWER_CUT, at: 11_000, keptUntil: 8900, backAt: 12_000 };
    expect(withEnds(killed, powerCut)).toEqual([]);
    expect(oldestLoss(lost.lost, [killed, powerCut])).toBe(1000); // of 2000, one without Redis
    const synced = { ...powerCut, keptUntil: 10_900 };
    expect(withEnds(killed, synced)).toEqual(['edge: 10 lines are lost that Redis had written or synced']);
    const late = { ...powerCut, at: 14_100, backAt: 15_000 };
    expect(withEnds(killed, late)).toEqual([
      'edge: lines are lost that were acknowledged more than 2000 ms before',
    ]);
  });

  it('must not lose more than two seconds while the disk is prompt', () => {
    const slow = { ...POWER_CUT, keptUntil: 0, at: 11_500, backAt: 12_000 };
    const lost = without(ACKNOWLEDGED[1]!);
    const told = 'edge: lines are lost that were acknowledged more than 2000 ms before';
    expect(broken(outcome('everysec', lost, { redisEnds: [slow] }))).toEqual([told]);
    expect(broken(outcome('everysec', lost, { redisEnds: [slow], longestSync: 900 }))).toEqual([]);
    const stopped = (from: number, until: number) => ({ ...slow, pauses: [{ from, until }] });
    expect(broken(outcome('everysec', lost, { redisEnds: [stopped(9600, 11_000)] }))).toEqual([]);
    expect(broken(outcome('everysec', lost, { redisEnds: [stopped(7000, 9000)] }))).toEqual([told]);
  });

  it('may count what is sent without keys again for each request in doubt, and no more', () => {
    const twice = (keyed: boolean, counted: number) =>
      broken(outcome('always', source({ keyed, counted, shown: counted, inPrometheus: counted })));
    expect(doubled(source({ counted: 50 }))).toBe(20);
    expect(twice(false, 50)).toEqual([]);
    expect(twice(false, 60)).toEqual(['edge: 30 lines are counted twice']);
    expect(twice(true, 40)).toEqual(['edge: 10 lines are counted twice']);
    expect(twice(true, 20)).toEqual(['edge: 10 lines are missing of batches that were counted']);
  });

  it('must show what it has counted; with everysec also what it had shown before it was lost', () => {
    const shown = (fsync: 'always' | 'everysec', lines: number) =>
      broken(
        outcome(fsync, source({ counted: 20, lost: [ACKNOWLEDGED[1]!], shown: lines, inPrometheus: lines })),
      );
    expect(shown('everysec', 30)).toEqual([]);
    expect(shown('everysec', 19)).toEqual(['edge: /metrics shows 19 lines, the ledger has 20']);
    expect(shown('everysec', 51)).toEqual(['edge: /metrics shows 51 lines, the ledger has 20']);
    expect(shown('always', 30)).toContain('edge: /metrics shows 30 lines, the ledger has 20');
    expect(broken(outcome('always', source({ inPrometheus: 29 })))).toEqual([
      'edge: Prometheus shows 29 lines, /metrics 30',
    ]);
  });

  it('must leave nothing, and let nothing fall', () => {
    const rest = { leftJobs: 1, leftPayloads: 2, dead: ['{}'], backwards: ['x: 2 -> 1'], resets: 1 };
    expect(broken(outcome('always', source({ unbalanced: -1 }), rest))).toEqual([
      'edge: accepted − committed − duplicate − dead = -1 batches',
      'counters went backwards: x: 2 -> 1',
      'Prometheus saw 1 resets of counters',
      '1 jobs and 2 payloads are left in Redis',
      'a batch is dead: {}',
    ]);
  });
});
