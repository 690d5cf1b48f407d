import { FIRST_CODE, GATEWAY_CAUSES, LAST_CODE, ORIGINS, type Catalogue, type Judgement } from '#catalogue';
import {
  AUTHENTICATION_OUTCOMES,
  CHAIN_OUTCOMES,
  JOB_OUTCOMES,
  LEDGER_METRICS,
  OTHER,
  SESSION_OUTCOMES,
  SKIP_REASONS,
  WAIT_OUTCOMES,
  ledgerField,
  type MetricDefinition,
} from '#metric-names';
import { expectedJudgements, type NamesOfSource, type SourceScope } from '#verdict';
import { dispositionOf, type Disposition } from './disposition.js';
import { isFine } from './step.js';
import { TELL_NOTHING } from './trackers/unknown-writes.js';

/**
 * Fields of the ledger that exist at 0 before any caller was followed, so that `increase()` sees the first one: what the
 * catalogue lets happen at a source, and every outcome of it.
 */
export const conductZeroSeries = (catalogue: Catalogue, scope: SourceScope): string[] => [
  ...SKIP_REASONS.map((reason) => ledgerField('conductSkipped', scope.name, reason)),
  ledgerField('conductForgotten', scope.name),
  ...scope.vendors.flatMap((vendor) => outcomesOfVendor(catalogue, scope.name, vendor)),
  ...expectedRetries(catalogue, scope),
];

/**
 * The most samples that callers of a source can ever make: every status with every label value that can go with it.
 */
export function conductSeriesBound(catalogue: Catalogue, scope: SourceScope, names: NamesOfSource): number {
  const fields = new Set(conductZeroSeries(catalogue, scope));
  let others = 1; // until when callers were followed
  for (const vendor of scope.vendors) {
    const dispositions = addRetries(fields, catalogue, scope, vendor);
    for (let code = FIRST_CODE; code <= LAST_CODE; code++) addWrites(fields, scope.name, vendor, code);
    others += dispositions.size * new Set([...names.consumers, OTHER]).size + othersOfVendor(names);
  }
  return fields.size + others;
}

function outcomesOfVendor(catalogue: Catalogue, source: string, vendor: string): string[] {
  const { job_routes, session_routes } = catalogue.files[catalogue.vendorId(vendor)] ?? {};
  return [
    ledgerField('conductRequests', source, vendor),
    ...[...TELL_NOTHING].flatMap((code) => writeFields(source, vendor, code)),
    ...AUTHENTICATION_OUTCOMES.map((outcome) => ledgerField('authentication', source, vendor, outcome)),
    ...JOB_OUTCOMES.map((outcome) => ledgerField('jobs', source, vendor, outcome)),
    ...(job_routes ? [ledgerField('jobFastPolls', source, vendor)] : []),
    ...(session_routes
      ? SESSION_OUTCOMES.map((outcome) => ledgerField('sessions', source, vendor, outcome))
      : []),
  ];
}

/** Of each status that a document lists and that is not ok: what becomes of its repeats. */
function expectedRetries(catalogue: Catalogue, { name, vendors, origins }: SourceScope): Set<string> {
  const fields = new Set<string>();
  for (const { vendor, code, judgement } of expectedJudgements(catalogue, vendors, origins)) {
    if (isFine(judgement.verdict, code)) continue;
    const disposition = dispositionOf(catalogue, catalogue.vendorId(vendor), code, judgement);
    fields.add(ledgerField('retries', name, vendor, code, disposition));
    if (disposition === 'wait_first') addWaits(fields, name, vendor, code);
  }
  return fields;
}

/** Adds what repeats of any status can count under. @returns the dispositions that there are */
function addRetries(
  fields: Set<string>,
  catalogue: Catalogue,
  { name, origins }: SourceScope,
  vendor: string,
): Set<Disposition> {
  const dispositions = new Set<Disposition>();
  for (const [code, judgement] of everyJudgement(catalogue, vendor, origins)) {
    if (isFine(judgement.verdict, code)) continue;
    const disposition = dispositionOf(catalogue, catalogue.vendorId(vendor), code, judgement);
    fields.add(ledgerField('retries', name, vendor, code, disposition));
    addWaits(fields, name, vendor, code);
    dispositions.add(disposition);
  }
  return dispositions;
}

function* everyJudgement(
  catalogue: Catalogue,
  vendor: string,
  origins: SourceScope['origins'],
): Generator<readonly [code: number, judgement: Judgement]> {
  const id = catalogue.vendorId(vendor);
  for (const origin of origins)
    for (const cause of origin === 'gateway' ? GATEWAY_CAUSES.keys() : [0])
      for (let code = FIRST_CODE; code <= LAST_CODE; code++)
        for (const judgement of catalogue.judgements(id, code, ORIGINS.indexOf(origin), cause))
          yield [code, judgement];
}

function addWaits(fields: Set<string>, source: string, vendor: string, code: number): void {
  for (const outcome of WAIT_OUTCOMES) fields.add(ledgerField('retryWaits', source, vendor, code, outcome));
  fields.add(ledgerField('retryAfterMissing', source, vendor, code));
}

function addWrites(fields: Set<string>, source: string, vendor: string, code: number): void {
  for (const field of writeFields(source, vendor, code)) fields.add(field);
}

const writeFields = (source: string, vendor: string, code: number): string[] => [
  ledgerField('unknownWrites', source, vendor, code),
  ledgerField('repeatedWrites', source, vendor, code),
];

/** What does not depend on statuses: histograms, and gauges of devices, of the unknown one and of all others. */
const othersOfVendor = ({ devices }: NamesOfSource): number =>
  samplesOf(LEDGER_METRICS.retryWaitRatio) +
  CHAIN_OUTCOMES.length * samplesOf(LEDGER_METRICS.retryChains) +
  samplesOf(LEDGER_METRICS.jobPolls) +
  samplesOf(LEDGER_METRICS.jobFirstPoll) +
  JOB_FAST_POLLS +
  SESSION_OUTCOMES.length +
  RETRY_HERD +
  2 * (devices + 2);

const JOB_FAST_POLLS = 1;
const RETRY_HERD = 1;

/** Buckets, +Inf, sum and count. */
const samplesOf = ({ buckets = [] }: MetricDefinition): number => buckets.length + 3;
