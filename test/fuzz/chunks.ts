/** Ways in which a body may come. A long one does not come byte by byte: that says no more, and takes long. */
const SIZES = [1, 7, 100];
const MOST_PIECES = 700;

/** A body in two pieces, and in pieces of one size; which one is told by its length. */
export function chunkings(body: Buffer): readonly (readonly Buffer[])[] {
  const size = SIZES[body.length % SIZES.length]!;
  return [
    pieces(body, Math.ceil(body.length / 2)),
    pieces(body, Math.max(size, Math.ceil(body.length / MOST_PIECES))),
  ];
}

const pieces = (body: Buffer, size: number): Buffer[] =>
  Array.from({ length: body.length === 0 ? 0 : Math.ceil(body.length / size) }, (_, i) =>
    body.subarray(i * size, (i + 1) * size),
  );

/** Hands each piece over in memory that is used for something else right after. */
export function pushAll(pieces: readonly Buffer[], push: (piece: Uint8Array) => void): void {
  for (const piece of pieces) {
    const lent = Uint8Array.prototype.slice.call(piece);
    push(lent);
    lent.fill(0x21);
  }
}
