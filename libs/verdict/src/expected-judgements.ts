import {
  GATEWAY_CAUSES,
  GATEWAY_STATUSES,
  ORIGINS,
  type Catalogue,
  type Judgement,
  type Origin,
} from '#catalogue';

/** A judgement that lines of a source may get. */
export interface ExpectedJudgement {
  readonly vendor: string;
  readonly code: number;
  readonly judgement: Judgement;
}

/**
 * Every judgement that the catalogue can give: for each status that a document lists, its default and its variants,
 * and the statuses that gateways make. Not the statuses that no document lists.
 * @param vendors names in the catalogue
 * @param origins who the log can say made a status
 */
export function* expectedJudgements(
  catalogue: Catalogue,
  vendors: readonly string[],
  origins: readonly Origin[],
): Generator<ExpectedJudgement> {
  for (const vendor of vendors) {
    const id = catalogue.vendorId(vendor);
    const listed = Object.keys(catalogue.files[id]?.statuses ?? {}).map(Number);
    for (const origin of origins)
      for (const [code, cause] of origin === 'gateway'
        ? madeByGateways()
        : listed.map((code) => [code, 0] as const))
        for (const judgement of catalogue.judgements(id, code, ORIGINS.indexOf(origin), cause))
          yield { vendor, code, judgement };
  }
}

function* madeByGateways(): Generator<readonly [code: number, cause: number]> {
  for (const [code, causes] of GATEWAY_STATUSES)
    for (const cause of causes) yield [code, GATEWAY_CAUSES.indexOf(cause)];
}
