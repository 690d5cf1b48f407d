/** @param isWhole whether the frame was short enough to be kept whole; the bytes are lent, until the call returns */
export type OnFrame = (frame: Buffer, isWhole: boolean) => void;

const FIRST_PIECE = 1024;
/** More is not kept for the next frame. */
const MOST_KEPT = 16 * 1024;

/** The bytes of a frame whose end has not come yet: at most so many, whatever the sender sends. */
export class BegunFrame {
  private buffer = Buffer.alloc(0);
  private length = 0;
  private isWhole = true;

  /** @param longest bytes of a frame that are kept; the rest of a longer one is forgotten */
  constructor(
    private readonly longest: number,
    private readonly onFrame: OnFrame,
  ) {}

  get isEmpty(): boolean {
    return this.length === 0;
  }

  append(piece: Buffer): void {
    const length = Math.min(this.length + piece.length, this.longest);
    if (length < this.length + piece.length) this.isWhole = false;
    if (length > this.buffer.length) this.grow(length);
    piece.copy(this.buffer, this.length, 0, length - this.length);
    this.length = length;
  }

  /** Hands the frame on. @param last its last piece; all of it, mostly, which is not copied then */
  complete(last: Buffer): void {
    if (this.isEmpty && last.length <= this.longest) return this.onFrame(last, true);
    this.append(last);
    this.onFrame(this.buffer.subarray(0, this.length), this.isWhole);
    this.clear();
  }

  clear(): void {
    this.length = 0;
    this.isWhole = true;
    if (this.buffer.length > MOST_KEPT) this.buffer = Buffer.alloc(0);
  }

  private grow(length: number): void {
    const grown = Buffer.allocUnsafe(
      Math.min(Math.max(length, 2 * this.buffer.length, FIRST_PIECE), this.longest),
    );
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
