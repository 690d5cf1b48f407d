import { VERDICTS, type Catalogue } from '#catalogue';
import { LEDGER_METRICS, type MetricDefinition } from '#metric-names';
import { EVIDENCE_FIELDS, EVIDENCE_STATES } from './evidence-seen.js';
import { OPERATIONS } from './operation.js';
import { METHOD_NAMES } from './who-is-hit.js';
import { zeroSeries, type SourceScope } from './zero-series.js';

/** How many names of its own a source may give to label values. */
export interface NamesOfSource {
  readonly devices: number;
  readonly consumers: number;
}

/** The most samples that lines of a source can make, undocumented statuses aside: a bound, seldom reached. */
export function seriesBound(catalogue: Catalogue, scope: SourceScope, names: NamesOfSource): number {
  const verdicts = VERDICTS.length;
  const ofVendors = scope.vendors.map((vendor) => {
    const { routes = [], device } = catalogue.files[catalogue.vendorId(vendor)] ?? {};
    return (
      verdicts * OPERATIONS.length * samplesOf(LEDGER_METRICS.duration) +
      samplesOf(LEDGER_METRICS.retryAfter) +
      verdicts * (routes.length + 1) * METHOD_NAMES.length +
      (device === undefined ? 0 : verdicts * (names.devices + 1)) +
      (names.consumers === 0 ? 0 : verdicts * (names.consumers + 1))
    );
  });
  return (
    zeroSeries(catalogue, scope).length +
    ofVendors.reduce((sum, one) => sum + one, 0) +
    EVIDENCE_FIELDS.length * EVIDENCE_STATES.length +
    samplesOf(LEDGER_METRICS.delay)
  );
}

/** Buckets, +Inf, sum and count. */
const samplesOf = ({ buckets = [] }: MetricDefinition): number => buckets.length + 3;
