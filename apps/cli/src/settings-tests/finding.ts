/** One thing that is not as expected: what it is of, its name, and a sentence. */
export interface Finding {
  readonly of: string;
  readonly name: string;
  readonly text: string;
}
