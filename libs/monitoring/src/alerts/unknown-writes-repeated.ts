import { LEDGER_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** What a write made may be there twice. */
export const unknownWritesRepeated: Alert = {
  name: 'UnknownWritesRepeated',
  severity: 'ticket',
  responsible: 'client_or_service',
  expression: (promql) =>
    promql.atLeast(1, LEDGER_METRICS.repeatedWrites, ['source', 'vendor', 'code'], 'long'),
  ofSource: true,
  ofVendor: true,
  summary:
    'writes to {{ $labels.vendor }} behind {{ $labels.source }} were sent again, and nobody knows what the first did',
  description:
    '{{ $value | printf "%.0f" }} writes ended with {{ $labels.code }}, so that their callers never learned the outcome, and were sent again: volumes, hosts or snapshots may be there twice.',
  action:
    'statuslens suspects lists both requests of each with their ids. The storage team looks what each of them made, the owner of the consumer which of it is wanted. Then have callers ask what became of a write before they send it again, or send an Idempotency-Key.',
  restsOn:
    'Method and status of the first request, and that the same one came again. An Idempotency-Key in the log makes it exact.',
  toSee: {
    commands: ['npx statuslens suspects', 'npx statuslens analyze access.log --by route'],
    queries: (promql) => [
      promql.increase(LEDGER_METRICS.unknownWrites, ['vendor', 'code'], 'long'),
      promql.increase(LEDGER_METRICS.repeatedWrites, ['vendor', 'code'], 'long'),
    ],
  },
  doubts:
    'The first request may never have reached the storage, the API may recognise the second one by itself, and two equal requests may both have been meant: two volumes of the same size.',
};
