import { BegunFrame, type OnFrame } from './begun-frame.js';

const LF = 0x0a;

/** Splits a stream into lines, each without its line feed. */
export class LineFrames {
  private readonly begun: BegunFrame;

  /** @param longest bytes of a line; of a longer one only so many are handed on */
  constructor(longest: number, onFrame: OnFrame) {
    this.begun = new BegunFrame(longest, onFrame);
  }

  push(chunk: Buffer): void {
    let at = 0;
    for (let end; (end = chunk.indexOf(LF, at)) >= 0; at = end + 1)
      this.begun.complete(chunk.subarray(at, end));
    if (at < chunk.length) this.begun.append(chunk.subarray(at));
  }

  /** Whether a line has begun whose end has not come. */
  get hasBegun(): boolean {
    return !this.begun.isEmpty;
  }

  /** Hands on a last line that lacks only its line feed. */
  end(): void {
    if (!this.begun.isEmpty) this.begun.complete(Buffer.alloc(0));
  }
}
