import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { behind } from '../conduct-lag.js';
import { AMPLIFICATION, NOT_OK, ON_TIME, type PromQL } from '../promql.js';

/** Fewer retries are no storm, whatever they are a multiple of. */
const MINIMUM_RETRIES = 50;
/** A share of failures that is high, and one that is worth a look once it doubles. */
const HIGH = 0.5;
const NOTICEABLE = 0.1;

const OF_VENDOR = ['source', 'vendor'];

/** The share of requests that fail, now or a while ago. */
function failing(promql: PromQL, before = ''): string {
  const requests = (matchers: string): string =>
    `sum by (${promql.by(...OF_VENDOR)}) (${ON_TIME}:rate${promql.window('short')}${matchers}${before})`;
  return `${requests(`{${NOT_OK}}`)} / ${requests('')}`;
}

/** Retries have become most of the load, and do not help. */
export const retryStorm: Alert = {
  name: 'RetryStorm',
  severity: 'page',
  responsible: 'platform',
  expression: (promql) => `${AMPLIFICATION}:ratio_rate${promql.window('short')}
> ${promql.scope.objectives.callers.amplification}
and
${promql.increase(LEDGER_METRICS.retries, OF_VENDOR, 'short')} >= ${MINIMUM_RETRIES}
and
(
  ${failing(promql)} >= ${HIGH}
  or
  (
    ${failing(promql)} >= ${NOTICEABLE}
    unless
    ${failing(promql)} < 2 * (${failing(promql, ` offset ${promql.window('medium')}`)})
  )
)
unless on (${promql.by('source')})
${behind(promql)}`,
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary: 'a retry storm hits {{ $labels.vendor }} behind {{ $labels.source }}',
  description:
    'Callers send {{ $value | printf "%.1f" }} requests for each operation, while much fails or ever more does.',
  action:
    'Shed the retries before they reach the storage: limit the worst callers at the gateway, by consumer, with 429 and a Retry-After that differs from answer to answer. Then let them back a few at a time. Making the storage serve more does not end a storm.',
  restsOn:
    'Retries as inferred from the log, and the share of requests that fail. Callers are followed late_after behind the lines, so a storm is told that much later.',
  toSee: {
    commands: [
      'npx statuslens analyze access.log --by consumer',
      'npx statuslens analyze access.log --by 5m',
    ],
    queries: (promql) => [
      `topk(5, ${promql.rate(LEDGER_METRICS.consumerRetries, ['vendor', 'consumer', 'disposition'], 'short')})`,
      `${promql.rate(LEDGER_METRICS.retries, ['vendor', 'previous_code'], 'short')} > 0`,
    ],
  },
  doubts:
    'Many callers behind one address and user agent look like one that repeats itself, and so do equal requests that are sent on purpose, such as polls of a resource that is not there yet.',
};
