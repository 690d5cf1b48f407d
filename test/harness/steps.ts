import { Findings } from '../../libs/conduct/src/findings.js';
import type { NotedStep, Step } from '../../libs/conduct/src/step.js';
import type { ConductPolicy, TrackerKind } from '../../libs/conduct/src/tracker.js';

/** The time of the first step of a test, epoch milliseconds; no whole second, as in a log with milliseconds. */
export const BEGIN = Date.parse('2026-11-21T08:00:00.123Z');

export const POLICY: ConductPolicy = {
  retryWindowMs: 60_000,
  jobWithinMs: 900_000,
  pollIntervalMs: 1000,
  maintenanceCallers: 3,
  maxOperations: 1000,
  sessionIdle: new Map(),
  jobVendors: new Set(),
};

interface At {
  /** Seconds after BEGIN. */
  readonly end: number;
  /** Seconds that it took. */
  readonly took?: number;
  readonly operation?: number;
  readonly attempt?: number;
}

/** A request that went well, of which nothing more is known. */
export function plain({ end, took = 0.05, operation = 1, attempt = -2 }: At): Step {
  const endMs = BEGIN + Math.round(end * 1000);
  return { startMs: endMs - Math.round(took * 1000), endMs, operation, attempt };
}

/** A request of one caller for one path; busy, and may be sent again, unless told otherwise. */
export const noted = ({ end, took, operation, ...known }: At & Partial<NotedStep>): NotedStep => ({
  ...plain({ end, ...(took !== undefined && { took }), ...(operation !== undefined && { operation }) }),
  caller: 0xca11e2,
  resource: 7,
  vendor: 'v',
  device: 'array-1',
  consumer: '',
  method: 'GET',
  isWrite: false,
  role: 'other',
  code: 503,
  verdict: 'retryable_busy',
  reason: 'busy',
  disposition: 'allowed',
  retryAfter: -2,
  location: -2,
  isExact: false,
  isCut: false,
  requestId: '',
  path: '',
  ...known,
});

/** Those findings of a metric that are counted, by their labels after the source: `v|503|allowed`. */
export const countedOf = (findings: Findings, metric: string): Record<string, number> =>
  Object.fromEntries(
    findings.additions
      .filter(([field]) => field.startsWith(`${metric}|s|`))
      .map(([field, amount]) => [field.slice(metric.length + 3), amount]),
  );

/** What a tracker finds in steps, and once nothing more can follow them. */
export function foundBy(Kind: TrackerKind, steps: readonly Step[], policy = POLICY): Findings {
  const findings = new Findings('s');
  const tracker = new Kind(policy, undefined);
  for (const step of steps)
    if ('verdict' in step) tracker.noted(step as NotedStep, findings);
    else tracker.plain?.(step, findings);
  tracker.settle(BEGIN + 7 * 86_400_000, findings);
  return findings;
}
