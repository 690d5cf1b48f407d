import { LEDGER_METRICS, type MetricDefinition } from '#metric-names';
import type { RuleScope } from './rule-scope.js';
import { BUDGETS, type Budget, type WindowName } from './objectives.js';

/**
 * What tells replicas of an exporter apart. Two exporters show the same ledger, and a pod that was renamed shows it
 * again: the largest of them is taken before anything is added up.
 */
const REPLICA_LABELS = 'instance, pod';

/** A duration as PromQL writes it: `5m`, `1h30m`, `90s`, `500ms`. */
export function promDuration(milliseconds: number): string {
  let rest = milliseconds;
  let text = '';
  for (const [unit, size] of [
    ['w', 604_800_000],
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text || '0s';
}

/** Writes the pieces that the expressions of alerts are made of. */
export class PromQL {
  constructor(readonly scope: RuleScope) {}

  window(name: WindowName): string {
    return promDuration(this.scope.objectives.windows[name]);
  }

  seconds(name: WindowName): number {
    return this.scope.objectives.windows[name] / 1000;
  }

  /** Labels to aggregate by: those that every series keeps, then these. */
  by(...labels: readonly string[]): string {
    return [...this.scope.keptLabels, ...labels].join(', ');
  }

  /** Per second over a window, counted once however many exporters there are. */
  rate({ name }: MetricDefinition, labels: readonly string[], window: WindowName, matchers = ''): string {
    return this.sum(labels, `rate(${name}${braces(matchers)}[${this.window(window)}])`);
  }

  /**
   * The same of a total of the ledger that budgets rest on for weeks. The ledger outlives every process: a total that
   * goes back a little comes from a replica or a backup, and `rate` would count all of it again as of this moment.
   */
  growth({ name }: MetricDefinition, labels: readonly string[], window: WindowName): string {
    const gained = `clamp_min(delta(${name}[${this.window(window)}]), 0)`;
    return `${this.sum(labels, gained)} / ${this.seconds(window)}`;
  }

  /** How often within a window. */
  increase({ name }: MetricDefinition, labels: readonly string[], window: WindowName, matchers = ''): string {
    return this.sum(labels, `increase(${name}${braces(matchers)}[${this.window(window)}])`);
  }

  /**
   * Where something happened at least so often within a window, exactly. `increase` alone does not see events with
   * which a series begins, nor those between two pods of the exporter; the totals do, if there were any to compare with.
   */
  atLeast(
    least: number,
    metric: MetricDefinition,
    labels: readonly string[],
    window: WindowName,
    matchers = '',
  ): string {
    const now = `max without (${REPLICA_LABELS}) (${metric.name}${braces(matchers)})`;
    const ago = `offset ${this.window(window)}`;
    const then = `max without (${REPLICA_LABELS}) (${metric.name}${braces(matchers)} ${ago})`;
    return `sum by (${this.by(...labels)}) (clamp_min(${now} - ${then}, 0) or ${now}) >= ${least}
and on (${this.by('source')})
max by (${this.by('source')}) (${LEDGER_METRICS.lines.name} ${ago})
or
${this.increase(metric, labels, window, matchers)} >= ${least}`;
  }

  /** {@link increase}, a while ago. */
  increaseBefore(
    { name }: MetricDefinition,
    labels: readonly string[],
    window: WindowName,
    ago: string,
    matchers = '',
  ): string {
    return this.sum(labels, `increase(${name}${braces(matchers)}[${this.window(window)}] offset ${ago})`);
  }

  /** The value of a gauge or the state of a counter. */
  value({ name }: MetricDefinition, labels: readonly string[], matchers = ''): string {
    return `max by (${this.by(...labels)}) (${name}${braces(matchers)})`;
  }

  sum(labels: readonly string[], vector: string): string {
    return `sum by (${this.by(...labels)}) (max without (${REPLICA_LABELS}) (${vector}))`;
  }

  /** Requests per second that are not late, from the recording rule. */
  requests(labels: readonly string[], matchers = ''): string {
    return `sum by (${this.by(...labels)}) (${ON_TIME}:rate${this.window('short')}${braces(matchers)})`;
  }

  /**
   * How many requests a recording rule has seen over a long window. Not its mean times the window, which for a series
   * that has just begun is what it will have seen if it goes on; how often the rule runs, its last samples tell.
   */
  requestsWithin(rule: string, windowMs: number, matchers = ''): string {
    const short = this.window('short');
    const series = `${rule}:rate${short}${braces(matchers)}`;
    const seen = `sum_over_time(${series}[${promDuration(windowMs)}]) / count_over_time(${series}[${short}])`;
    return `sum by (${this.by('source', 'vendor')}) (${seen}) * ${this.seconds('short')}`;
  }

  /** Only where the source mostly tells the present: side metrics do not know late lines. */
  ofThePresent(expression: string): string {
    return `(\n${indent(expression)}\n)\nunless on (${this.by('source')}) ${LATE_SHARE}:ratio_rate${this.window('short')} > 0.5`;
  }
}

/** Names of recording rules, without their window. */
export const ALL_REQUESTS = 'statuslens:requests';
export const ON_TIME = 'statuslens:requests_on_time';
export const LATE_SHARE = 'statuslens:late_lines';
export const BUDGET_REMAINING = 'statuslens:budget_remaining:ratio';
export const BUDGET_ERRORS = 'statuslens:budget_errors';
/** Objectives hold for all requests, but nobody is paged for what is over: a fast burn is one of the present. */
export const BURNS = {
  fast: { requests: ON_TIME, errors: `${BUDGET_ERRORS}_on_time` },
  slow: { requests: ALL_REQUESTS, errors: BUDGET_ERRORS },
} as const;
/** Seconds that nearly every request is told to wait; no sample otherwise. */
export const PROMISED_WAIT = 'statuslens:promised_wait_seconds';

/** Requests for each operation: callers that never repeat one have 1. */
export const AMPLIFICATION = 'statuslens:retry_amplification';
/** Share of the requests that are retries, by what the document says of them. */
export const RETRIES = 'statuslens:retries';
/** Share of the callers that came back before the promised wait was over, of those that came back. */
export const EARLY_RETURNS = 'statuslens:early_returns';
/** Since when maintenance of a device has been suspected, in seconds, for as long as that is believed. */
export const MAINTENANCE_AGE = 'statuslens:maintenance_suspected:age_seconds';

export const braces = (matchers: string): string => (matchers === '' ? '' : `{${matchers}}`);

export const indent = (text: string): string => text.replace(/^/gm, '  ');

/** Verdicts that no one has to act on. */
export const NOT_OK = 'verdict!~"ok|accepted"';
/** Requests that burn a budget. */
export const burnedBy = (budget: Budget): string =>
  `responsible=~"${BUDGETS[budget].burnedBy.join('|')}", ${NOT_OK}`;
/** Failures of the storage itself: its API server, or the device behind it. What succeeded in part did not fail. */
export const STORAGE_FAILED =
  'responsible=~"service|device|service_or_device", verdict!~"ok|accepted|partial_success"';
