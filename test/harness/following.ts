import { PLAIN_RANK, rankOf } from '../../libs/conduct/src/cause-first.js';
import { Findings } from '../../libs/conduct/src/findings.js';
import { endOfSlice, sliceOf } from '../../libs/conduct/src/slice.js';
import { isNoted, type NotedStep, type Step } from '../../libs/conduct/src/step.js';
import type { ConductPolicy, SavedLists, Tracker, TrackerKind } from '../../libs/conduct/src/tracker.js';

/** When stories begin, epoch milliseconds: no whole second, as in a log with milliseconds. */
const MORNING = Date.parse('2026-11-21T08:00:00.123Z');

export const EXPECTED: ConductPolicy = {
  retryWindowMs: 60_000,
  jobWithinMs: 900_000,
  pollIntervalMs: 1000,
  maintenanceCallers: 3,
  maxOperations: 1000,
  sessionIdle: new Map([['acme', 300]]),
  jobVendors: new Set(['acme']),
};

/** A step as it would come from a request that took 50 ms. @param second after MORNING, of its start */
export function stepAt(second: number, known: Partial<NotedStep> = {}): NotedStep {
  const startMs = MORNING + Math.round(second * 1000);
  return {
    startMs,
    endMs: startMs + 50,
    operation: 1,
    caller: 1,
    resource: 1,
    vendor: 'acme',
    device: 'array-1',
    consumer: '',
    method: 'GET',
    isWrite: false,
    role: 'other',
    code: 200,
    verdict: 'ok',
    reason: 'success',
    disposition: 'undocumented',
    retryAfter: -2,
    location: -2,
    attempt: -2,
    isExact: false,
    isCut: false,
    requestId: '',
    path: '',
    ...known,
  };
}

/** The same with a log that has whole seconds only, of the end, and no duration. */
export function inWholeSeconds<One extends Step>(step: One): One {
  const endMs = Math.floor(step.endMs / 1000) * 1000;
  return { ...step, startMs: endMs, endMs };
}

interface Way {
  readonly policy?: ConductPolicy;
  /** Goes on in another process after each slice. */
  readonly restarts?: boolean;
  /** Judges slices without a step, too. */
  readonly judgesEmpty?: boolean;
  /** Seconds after MORNING until which is judged. */
  readonly until?: number;
}

/** What is left of a story. */
export interface Followed {
  /** What was counted, by metric and labels after the source: `jobs|acme|followed`. */
  readonly counted: Readonly<Record<string, number>>;
  /** Gauges as they were set last. */
  readonly gauges: Readonly<Record<string, number>>;
  readonly state: string;
}

/** Follows steps as they lie in the slices of a source. They are put into one order that only their content decides. */
export function follow(Kind: TrackerKind, steps: readonly Step[], way: Way = {}): Followed {
  const { policy = EXPECTED, restarts = false, judgesEmpty = false, until = 86_400 } = way;
  const findings = new Findings('log');
  let tracker: Tracker = new Kind(policy, undefined);
  const slices = new Map<number, Step[]>();
  for (const step of [...steps].sort(byEndThenContent))
    slices.set(sliceOf(step.endMs), [...(slices.get(sliceOf(step.endMs)) ?? []), step]);
  const last = sliceOf(MORNING + until * 1000);
  for (let slice = sliceOf(MORNING); slice <= last; slice++) {
    if (!judgesEmpty && slice !== last && !slices.has(slice)) continue;
    tracker.settle(endOfSlice(slice - 1), findings);
    for (const step of slices.get(slice) ?? [])
      if (isNoted(step)) tracker.noted(step, findings);
      else tracker.plain?.(step, findings);
    tracker.settle(endOfSlice(slice), findings);
    if (restarts) tracker = new Kind(policy, JSON.parse(JSON.stringify(tracker.save())) as SavedLists);
  }
  return {
    counted: namesOf(findings.additions),
    gauges: namesOf(findings.gauges),
    state: JSON.stringify(tracker.save()),
  };
}

/** As the reader of steps does it. */
function byEndThenContent(a: Step, b: Step): number {
  const [first, second] = [a, b].map((step) => (isNoted(step) ? rankOf(step) : PLAIN_RANK));
  return a.endMs - b.endMs || first! - second! || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}

const namesOf = (fields: readonly [string, number][]): Record<string, number> =>
  Object.fromEntries(fields.map(([field, value]) => [field.replace('|log|', '|'), value]));
