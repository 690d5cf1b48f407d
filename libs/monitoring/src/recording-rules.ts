import { LEDGER_METRICS } from '#metric-names';
import { allowedShare } from './burning.js';
import { BUDGETS, BUDGET_NAMES, type Budget } from './objectives.js';
import {
  ALL_REQUESTS,
  BUDGET_ERRORS,
  BUDGET_REMAINING,
  LATE_SHARE,
  NOT_OK,
  ON_TIME,
  PROMISED_WAIT,
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

/** What alerts and dashboards start from: each request once, however many exporters show it. */
export function baseRules(promql: PromQL): RecordingRule[] {
  const window = promql.window('short');
  const all = promql.rate(LEDGER_METRICS.requests, JUDGED, 'short');
  const late = promql.rate(LEDGER_METRICS.lateRequests, JUDGED, 'short');
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
  const { burnWindows, minimumRequests } = promql.scope.objectives.slo;
  const proofs = new Set(burnWindows.map(({ longMs }) => longMs));
  const windows = [...new Set(burnWindows.flatMap(({ shortMs, longMs }) => [shortMs, longMs]))];
  return windows
    .sort((a, b) => a - b)
    .flatMap((windowMs) =>
      BUDGET_NAMES.map((budget) =>
        budgetErrors(promql, budget, windowMs, proofs.has(windowMs) ? minimumRequests : 0),
      ),
    );
}

/** What is left of each budget over its whole period; no sample without requests: no data is not "met". */
export function periodRules(promql: PromQL): RecordingRule[] {
  const { periodMs, minimumRequests } = promql.scope.objectives.slo;
  return BUDGET_NAMES.map((budget) => {
    const { expr } = budgetErrors(promql, budget, periodMs, minimumRequests);
    return {
      record: BUDGET_REMAINING,
      expr: `1 - (\n${expr}\n) / ${allowedShare(promql, budget)}`,
      labels: { budget },
    };
  });
}

function budgetErrors(promql: PromQL, budget: Budget, windowMs: number, minimum: number): RecordingRule {
  const window = promDuration(windowMs);
  const series = `${ALL_REQUESTS}:rate${promql.window('short')}`;
  const by = promql.by('source', 'vendor');
  const over = (matchers: string): string =>
    `sum by (${by}) (sum_over_time(${series}{${matchers}}[${window}]))`;
  const enough = `sum by (${by}) (avg_over_time(${series}[${window}])) * ${windowMs / 1000} >= ${minimum}`;
  // accepted requests are neither good nor bad: how they end is not in this log
  const ratio = `${over(`responsible=~"${BUDGETS[budget].burnedBy.join('|')}", ${NOT_OK}`)}
/ (${over('verdict!="accepted"')} > 0)`;
  return {
    record: `${BUDGET_ERRORS}:ratio_rate${window}`,
    expr: minimum > 0 ? `${ratio}\nand\n${enough}` : ratio,
    labels: { budget },
  };
}
