/** Something that takes bytes from strangers, and what it promises whatever the bytes are. */
export interface Target {
  /** Such as `format:haproxy`; `--target format` chooses all that begin so. */
  readonly name: string;
  /** Inputs that make sense: what is mutated. */
  readonly corpus: readonly Buffer[];
  /** Words of its grammar, put in beside those that every target gets. */
  readonly words?: readonly string[];
  /** Inputs of the long form for each of a format's: what is slow gets fewer. */
  readonly share: number;
  /** No input is longer; of what reads whole files, so that one input costs no second. */
  readonly longest?: number;
  /** @throws anything if a promise is broken */
  check(input: Buffer): void | Promise<void>;
}
