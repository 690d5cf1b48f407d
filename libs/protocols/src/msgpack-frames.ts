import { BrokenStream } from './broken-stream.js';
import { MsgpackHead } from './msgpack-head.js';
import { PendingBytes } from './pending-bytes.js';

/**
 * Cuts a stream of msgpack values, which nothing separates, where one ends and the next one begins. Heads are read once
 * each, however small the segments are, and nothing is allocated for what a value only declares.
 */
export class MsgpackFrames {
  private readonly pending = new PendingBytes();
  private readonly head = new MsgpackHead();
  /** Where the next head is, and how many values are to come until this frame ends. */
  private at = 0;
  private values = 1;

  /** @param limit bytes of the largest value */
  constructor(private readonly limit: number) {}

  /** Bytes of a value that has not ended. */
  get unfinished(): number {
    return this.pending.length;
  }

  /**
   * @param segment what has come; it is copied
   * @returns every value that is complete now, lent until the next push
   * @throws BrokenStream
   */
  *push(segment: Uint8Array): Generator<Buffer> {
    this.pending.append(segment);
    for (let frame = this.next(); frame; frame = this.next()) yield frame;
  }

  private next(): Buffer | undefined {
    const { bytes } = this.pending;
    while (this.values > 0) {
      if (!this.head.read(bytes, this.at, bytes.length)) return undefined;
      this.at = this.head.next;
      this.values += this.head.items - 1;
      // each value that is still to come takes a byte
      if (this.at + this.values > this.limit)
        throw new BrokenStream(
          `a value is larger than ${this.limit} bytes`,
          'Send smaller chunks, or raise ingest.max_body.',
        );
    }
    if (this.at > bytes.length) return undefined;
    const frame = bytes.subarray(0, this.at);
    this.pending.drop(this.at);
    this.at = 0;
    this.values = 1;
    return frame;
  }
}
