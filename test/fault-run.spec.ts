import { describeWith } from './harness/programs.js';
import { faultRun } from './fault-run/fault-run.js';
import { broken, doubled } from './fault-run/laws.js';
import type { Outcome } from './fault-run/outcome.js';

/** The short form; `npm run test:faults` is the long one. The seed decides what happens, and after what. */
const PLAN = { seed: 3554, lines: 4000, kills: 5, fsync: 'always', linesPerBatch: 100 } as const;

await describeWith(['prometheus', 'strace'], 'while processes are killed and Redis fails', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await faultRun(PLAN);
  }, 180_000);

  it('every acknowledged line is counted once, up to what Prometheus shows, and nothing is left behind', () => {
    expect(broken(outcome)).toEqual([]);
  });

  it('with keys exactly what was sent is counted, though requests failed and power was cut', () => {
    expect(outcome.redisEnds.map((end) => end.of)).toContain('power');
    expect(outcome.sources.some(({ sent }) => sent.refused + sent.unanswered > 0)).toBe(true);
    for (const source of outcome.sources) if (source.keyed) expect(doubled(source)).toBe(0);
  });

  it('lines of every kind are among them', () => {
    for (const { rejected, ignored } of outcome.sources)
      expect([rejected, ignored].every((lines) => lines > 0)).toBe(true);
    expect(outcome.pages).toBeGreaterThan(0);
  });
});
