import { LEDGER_METRICS } from '#metric-names';
import { allowedShare } from './burning.js';
import { BUDGET_NAMES, type Budget, type BurnWindow } from './objectives.js';
import {
  ALL_REQUESTS,
  BUDGET_REMAINING,
  BURNS,
  LATE_SHARE,
  ON_TIME,
  PROMISED_WAIT,
  burnedBy,
  promDuration,
  type PromQL,
} from './promql.js';

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** By what alerts tell requests apart. */
const JUDGED = ['source', 'vendor', 'verdict', 'responsible', 'origin'];

/** Whose burn somebody is told of within minutes. */
const BUDGETS_THAT_BURN_FAST: readonly Budget[] = ['vendor', 'gateway'];

/** What alerts and dashboards start from: each request once, however many exporters show it. */
export function baseRules(promql: PromQL): RecordingRule[] {
  const window = promql.window('short');
  const all = promql.growth(LEDGER_METRICS.requests, JUDGED, 'short');
  const late = promql.growth(LEDGER_METRICS.lateRequests, JUDGED, 'short');
  return [
    { record: `${ALL_REQUESTS}:rate${window}`, expr: all },
    // late lines count in objectives, but nobody is paged for what is over
    { record: `${ON_TIME}:rate${window}`, expr: `clamp_min(${all}\n- ${late}, 0)\nor\n${all}` },
    {
      record: `${LATE_SHARE}:ratio_rate${window}`,
      expr: `${promql.rate(LEDGER_METRICS.lateLines, ['source'], 'short')}
/ (${promql.rate(LEDGER_METRICS.lines, ['source'], 'short', 'outcome="classified"')} > 0)`,
    },
    { record: `${PROMISED_WAIT}:rate${window}`, expr: promisedWait(promql) },
  ];
}

/** The mean of promised waits in seconds, while nearly every request is told to wait. */
function promisedWait(promql: PromQL): string {
  const { name } = LEDGER_METRICS.retryAfter;
  const labels = ['source', 'vendor'];
  const of = (suffix: string): string =>
    promql.increase({ ...LEDGER_METRICS.retryAfter, name: `${name}_${suffix}` }, labels, 'short');
  const told = promql.increase(
    LEDGER_METRICS.requests,
    labels,
    'short',
    'reason="busy", action="wait_retry_after"',
  );
  return `${of('sum')}
/ (${of('count')} > 0)
and
${told} / ${promql.increase(LEDGER_METRICS.requests, labels, 'short')} >= 0.9
and
${told} >= 20`;
}

/** The share of requests that burn each budget, over every window that an alert asks for. */
export function budgetRules(promql: PromQL): RecordingRule[] {
  const { burnWindows } = promql.scope.objectives.slo;
  const fast = burnWindows.filter(({ speed }) => speed === 'fast');
  return [
    ...errorsOver(promql, 'slow', burnWindows, BUDGET_NAMES),
    ...errorsOver(promql, 'fast', fast, BUDGETS_THAT_BURN_FAST),
  ];
}

function errorsOver(
  promql: PromQL,
  speed: BurnWindow['speed'],
  pairs: readonly BurnWindow[],
  budgets: readonly Budget[],
): RecordingRule[] {
  const { minimumRequests } = promql.scope.objectives.slo;
  const proofs = new Set(pairs.map(({ longMs }) => longMs));
  const windows = [...new Set(pairs.flatMap(({ shortMs, longMs }) => [shortMs, longMs]))];
  return windows
    .sort((a, b) => a - b)
    .flatMap((windowMs) =>
      budgets.map((budget) => ({
        record: `${BURNS[speed].errors}:ratio_rate${promDuration(windowMs)}`,
        expr: budgetErrors(promql, speed, budget, windowMs, proofs.has(windowMs) ? minimumRequests : 0),
        labels: { budget },
      })),
    );
}

/** What is left of each budget over its whole period; no sample without requests: no data is not "met". */
export function periodRules(promql: PromQL): RecordingRule[] {
  const { periodMs, minimumRequests } = promql.scope.objectives.slo;
  return BUDGET_NAMES.map((budget) => {
    const expr = budgetErrors(promql, 'slow', budget, periodMs, minimumRequests);
    return {
      record: BUDGET_REMAINING,
      expr: `1 - (\n${expr}\n) / ${allowedShare(promql, budget)}`,
      labels: { budget },
    };
  });
}

function budgetErrors(
  promql: PromQL,
  speed: BurnWindow['speed'],
  budget: Budget,
  windowMs: number,
  minimum: number,
): string {
  const { requests } = BURNS[speed];
  const over = (matchers: string): string =>
    `sum by (${promql.by('source', 'vendor')}) (sum_over_time(${requests}:rate${promql.window('short')}{${matchers}}[${promDuration(windowMs)}]))`;
  // accepted requests are neither good nor bad: how they end is not in this log
  const ratio = `${over(burnedBy(budget))}
/ (${over('verdict!="accepted"')} > 0)`;
  return minimum > 0 ? `${ratio}\nand\n${promql.requestsWithin(requests, windowMs)} >= ${minimum}` : ratio;
}
