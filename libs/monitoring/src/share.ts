import type { MetricDefinition } from '#metric-names';
import type { PromQL } from './promql.js';

/** Fewer requests than these say nothing about a share, and fewer failures are chance. */
const MINIMUM_REQUESTS = 20;
export const MINIMUM_FAILURES = 5;

/** The share of requests, late ones aside, that match; from `least` on. Its series have `labels`. */
export function shareOfRequests(
  promql: PromQL,
  labels: readonly string[],
  matchers: string,
  least: number,
): string {
  const seconds = promql.seconds('short');
  return `${promql.requests(labels, matchers)}
/ on (${promql.by('source', 'vendor')}) group_left ()
${promql.requests(['source', 'vendor'])}
>= ${least}
and
${promql.requests(labels, matchers)} * ${seconds} >= ${MINIMUM_FAILURES}
and on (${promql.by('source', 'vendor')})
${promql.requests(['source', 'vendor'])} * ${seconds} >= ${MINIMUM_REQUESTS}`;
}

/** The same by labels that the recording rule does not keep, while the source tells the present. */
export function shareOfRequestsBy(
  promql: PromQL,
  metric: MetricDefinition,
  labels: readonly string[],
  matchers: string,
  least: number,
): string {
  return promql.ofThePresent(`${promql.rate(metric, labels, 'short', matchers)}
/ on (${promql.by('source', 'vendor')}) group_left ()
${promql.rate(metric, ['source', 'vendor'], 'short')}
>= ${least}
and
${promql.increase(metric, labels, 'short', matchers)} >= ${MINIMUM_FAILURES}
and on (${promql.by('source', 'vendor')})
${promql.increase(metric, ['source', 'vendor'], 'short')} >= ${MINIMUM_REQUESTS}`);
}
