/** Pairs of a field of the ledger and an integer. */
export type Pairs = readonly (readonly [field: string, amount: number])[];
