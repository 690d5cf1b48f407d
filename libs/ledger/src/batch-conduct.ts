/** What a batch has of a slice of time. */
export interface StoredPiece {
  readonly slice: number;
  /** How many requests it stands for. */
  readonly requests: number;
  readonly steps: Uint8Array;
}

/** What a batch tells of callers, and within which bounds that may wait to be judged. */
export interface BatchConduct {
  readonly source: string;
  readonly pieces: readonly StoredPiece[];
  /** What of it can be judged at once, by slice. */
  readonly glances: readonly { readonly slice: number; readonly text: string }[];
  readonly maxBytes: number;
  readonly keptMs: number;
  readonly glancesKeptMs: number;
}

/** As the script that counts the batch is told, see `store_conduct`. */
export const conductArguments = (conduct: BatchConduct): (string | number | Buffer)[] => [
  ...[conduct.source, conduct.maxBytes, conduct.keptMs, conduct.glancesKeptMs, conduct.pieces.length],
  ...conduct.pieces.flatMap(({ slice, requests, steps }) => [slice, requests, bufferOf(steps)]),
  ...conduct.glances.flatMap(({ slice, text }) => [slice, text]),
];

const bufferOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length);
