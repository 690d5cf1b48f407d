/** Inputs that say by their first byte which of several things they are for. */

/** @returns the one that is meant, and the rest of the input */
export const chosen = <T>(input: Buffer, list: readonly T[]): readonly [one: T, rest: Buffer] => [
  list[(input[0] ?? 0) % list.length]!,
  input.subarray(1),
];

/** An input for one of a list. */
export const choosing = (place: number, rest: Uint8Array): Buffer =>
  Buffer.concat([Uint8Array.of(place), rest]);

/** An input that is two: up to a byte that hardly occurs in either, and from there on. */
export function halves(input: Buffer, between = '\u0001'): readonly [first: Buffer, second: Buffer] {
  const at = input.indexOf(between);
  return at < 0 ? [Buffer.alloc(0), input] : [input.subarray(0, at), input.subarray(at + 1)];
}

export const joined = (first: Uint8Array | string, second: Uint8Array | string): Buffer =>
  Buffer.concat([Buffer.from(first as string), Buffer.from('\u0001'), Buffer.from(second as string)]);
