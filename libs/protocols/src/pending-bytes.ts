const KEPT_WHEN_EMPTY = 64 * 1024;

/**
 * Bytes of a connection that have come and are not used up yet, in one piece. Memory doubles, so that each byte is
 * copied a few times at most, in however small segments it came.
 */
export class PendingBytes {
  private buffer = Buffer.alloc(0);
  private start = 0;
  private end = 0;

  get length(): number {
    return this.end - this.start;
  }

  /** What is pending; lent until the next `append`. */
  get bytes(): Buffer {
    return this.buffer.subarray(this.start, this.end);
  }

  append(segment: Uint8Array): void {
    if (this.end + segment.length > this.buffer.length) this.makeRoom(this.length + segment.length);
    this.buffer.set(segment, this.end);
    this.end += segment.length;
  }

  /** The first so many bytes are used up. */
  drop(bytes: number): void {
    this.start += bytes;
    if (this.length > 0) return;
    this.start = this.end = 0;
    if (this.buffer.length > KEPT_WHEN_EMPTY) this.buffer = Buffer.alloc(0);
  }

  /** Moves within its memory only if half of it is free then. */
  private makeRoom(needed: number): void {
    const { bytes } = this;
    if (2 * needed > this.buffer.length) this.buffer = Buffer.allocUnsafe(2 * needed);
    this.buffer.set(bytes);
    this.start = 0;
    this.end = bytes.length;
  }
}
