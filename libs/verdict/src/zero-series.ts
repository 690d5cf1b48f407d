import type { Catalogue, Origin } from '#catalogue';
import { BATCH_OUTCOMES, DEAD_REASONS, DROP_REASONS, LINE_OUTCOMES, ledgerField } from '#metric-names';
import { expectedJudgements } from './expected-judgements.js';
import { lateField } from './late-field.js';
import { REJECTIONS } from './tally.js';

/** A source, as far as it decides which series exist. */
export interface SourceScope {
  readonly name: string;
  /** Whose documents its statuses may be judged by. */
  readonly vendors: readonly string[];
  /** Who its log can say made a status. */
  readonly origins: readonly Origin[];
}

/**
 * Fields of the ledger that exist at 0 before anything is counted, so that `increase()` sees the first event: every
 * judgement that the catalogue can give for a source, and every outcome.
 */
export function zeroSeries(catalogue: Catalogue, source: SourceScope): string[] {
  return [
    ...judgementSeries(catalogue, source),
    ...driftSeries(catalogue, source),
    ...outcomeSeries(source.name),
  ];
}

function judgementSeries(catalogue: Catalogue, { name, vendors, origins }: SourceScope): Set<string> {
  const fields = new Set<string>();
  for (const { vendor, code, judgement } of expectedJudgements(catalogue, vendors, origins)) {
    const { verdict, reason, responsible, action, origin } = judgement;
    fields.add(ledgerField('requests', name, vendor, code, verdict, reason, responsible, action, origin));
    fields.add(lateField(name, vendor, judgement));
  }
  return fields;
}

const driftSeries = (catalogue: Catalogue, { name, vendors, origins }: SourceScope): string[] =>
  vendors
    .filter((vendor) => catalogue.isDocumented(vendor))
    .flatMap((vendor) =>
      origins
        .filter((origin) => origin !== 'gateway')
        .map((origin) => ledgerField('undocumented', name, vendor, origin)),
    );

const outcomeSeries = (source: string): string[] => [
  ...LINE_OUTCOMES.map((outcome) => ledgerField('lines', source, outcome)),
  ...REJECTIONS.map((reason) => ledgerField('rejected', source, reason)),
  ...BATCH_OUTCOMES.flatMap((outcome) => [
    ledgerField('batches', source, outcome),
    ledgerField('batchBytes', source, outcome),
  ]),
  ...DEAD_REASONS.map((reason) => ledgerField('deadBatches', source, reason)),
  ...DROP_REASONS.map((reason) => ledgerField('deadDropped', source, reason)),
  ledgerField('lateLines', source),
  ledgerField('futureLines', source),
  ledgerField('redeliveries', source),
];
