import {
  FIRST_CODE,
  GATEWAY_CAUSES,
  LAST_CODE,
  ORIGINS,
  type Catalogue,
  type Judgement,
  type Origin,
} from '#catalogue';
import { LEDGER_METRICS, OTHER, ledgerField, type MetricDefinition } from '#metric-names';
import { evidenceSeries } from './evidence-seen.js';
import { lateField } from './late-field.js';
import { OPERATIONS } from './operation.js';
import { FIRST_FAILURE, WENT_WELL } from './tally.js';
import { METHOD_NAMES } from './who-is-hit.js';
import { zeroSeries, type SourceScope } from './zero-series.js';

/** The names of its own that a source may give to label values. */
export interface NamesOfSource {
  /** How many devices are told apart. */
  readonly devices: number;
  readonly consumers: readonly string[];
}

const FAILURES = LAST_CODE - FIRST_FAILURE + 1;
/** Who made a status, and if that was the gateway, why. */
const MAKERS = ORIGINS.flatMap((origin): { origin: Origin; cause: number }[] =>
  origin === 'gateway' ? GATEWAY_CAUSES.map((_, cause) => ({ origin, cause })) : [{ origin, cause: 0 }],
);

/**
 * The most samples that a source can ever have, whatever its lines say: every status from 100 to 599, documented or
 * not, with every label value that can go with it.
 */
export function seriesBound(catalogue: Catalogue, scope: SourceScope, names: NamesOfSource): number {
  const fields = new Set(zeroSeries(catalogue, scope));
  const ofVendors = scope.vendors.map((vendor) => {
    const verdicts = addJudgements(fields, catalogue, scope, vendor);
    return samplesOfVerdicts(catalogue, vendor, verdicts, names);
  });
  return (
    fields.size +
    ofVendors.reduce((sum, one) => sum + one, 0) +
    evidenceSeries(scope.origins.some((origin) => origin !== 'unknown')) +
    samplesOf(LEDGER_METRICS.delay) +
    1 // its last event
  );
}

/** Adds all that a judgement by this vendor can count under. @returns the verdicts that there are */
function addJudgements(
  fields: Set<string>,
  catalogue: Catalogue,
  { name, origins }: SourceScope,
  vendor: string,
): Set<string> {
  const id = catalogue.vendorId(vendor);
  const verdicts = new Set<string>();
  for (const { origin, cause } of MAKERS.filter((maker) => origins.includes(maker.origin)))
    for (let code = FIRST_CODE; code <= LAST_CODE; code++)
      for (const judgement of catalogue.judgements(id, code, ORIGINS.indexOf(origin), cause)) {
        fields.add(requestField(name, vendor, code, judgement)).add(lateField(name, vendor, judgement));
        if (judgement.verdict === 'undocumented' && catalogue.isDocumented(vendor))
          fields.add(ledgerField('undocumented', name, vendor, judgement.origin));
        verdicts.add(judgement.verdict);
      }
  return verdicts;
}

const requestField = (
  source: string,
  vendor: string,
  code: number,
  { verdict, reason, responsible, action, origin }: Judgement,
): string => ledgerField('requests', source, vendor, code, verdict, reason, responsible, action, origin);

/** Samples that requests of a vendor make beside their judgements. */
function samplesOfVerdicts(
  catalogue: Catalogue,
  vendor: string,
  verdicts: ReadonlySet<string>,
  { devices, consumers }: NamesOfSource,
): number {
  const { routes = [] } = catalogue.files[catalogue.vendorId(vendor)] ?? {};
  const ofEachVerdict =
    OPERATIONS.length * samplesOf(LEDGER_METRICS.duration) +
    (routes.length + 1) * METHOD_NAMES.length +
    (devices + 1) +
    (consumers.length === 0 ? 0 : new Set([...consumers, OTHER]).size);
  return (
    verdicts.size * ofEachVerdict +
    samplesOf(LEDGER_METRICS.retryAfter) +
    (WENT_WELL.some((verdict) => verdicts.has(verdict)) ? FAILURES : 0)
  );
}

/** Buckets, +Inf, sum and count. */
const samplesOf = ({ buckets = [] }: MetricDefinition): number => buckets.length + 3;
