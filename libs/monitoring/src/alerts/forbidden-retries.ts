import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';
import { statusesBefore } from '../statuses-before.js';

const FORBIDDEN = 'disposition=~"never|change_first"';
const BY = ['source', 'vendor', 'disposition'];

/** Retries that the document says cannot help. Where the settings name no consumers, all callers are one. */
export const forbiddenRetries: Alert = {
  name: 'ForbiddenRetries',
  severity: 'ticket',
  responsible: 'client',
  expression: (promql) => `(
  ${promql.increase(LEDGER_METRICS.consumerRetries, [...BY, 'consumer'], 'medium', FORBIDDEN)}
  or on (${promql.by(...BY)})
  ${promql.increase(LEDGER_METRICS.retries, BY, 'medium', FORBIDDEN)}
) >= 20`,
  hold: 'short',
  ofSource: true,
  ofVendor: true,
  summary:
    '{{ $labels.consumer }} repeats requests to {{ $labels.vendor }} behind {{ $labels.source }} that cannot go better',
  description: (promql) =>
    `{{ $value | printf "%.0f" }} requests were sent again unchanged though the document says {{ $labels.disposition }} of the status before. Callers of {{ $labels.vendor }} repeated these so:${statusesBefore(promql, LEDGER_METRICS.retries, ['disposition'])}.`,
  action:
    'Tell the owner of the consumer: never means that this request will not go well however often it is sent, change_first that something must be put right before. /explain says what for each code. Without a consumer, or if it is other, name your callers in the settings (consumers), or find them with statuslens analyze.',
  restsOn:
    'The document of the vendor, and retries as inferred from the log. Without the length of requests a changed one looks like the same.',
  toSee: {
    commands: [
      'npx statuslens analyze access.log --by consumer',
      'npx statuslens analyze access.log --by code',
    ],
    queries: (promql) => [
      `${promql.increase(LEDGER_METRICS.consumerRetries, ['vendor', 'consumer', 'disposition'], 'medium', FORBIDDEN)} > 0`,
      `${promql.increase(LEDGER_METRICS.retries, ['vendor', 'previous_code', 'disposition'], 'medium', FORBIDDEN)} > 0`,
    ],
  },
  doubts:
    'A caller that asks again and again for what is not there yet repeats a 404 on purpose. One that changed a header or the body to another of the same length has changed something that no log shows. And several callers with one address and user agent look like one.',
};
