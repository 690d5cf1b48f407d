import { BegunFrame, type OnFrame } from './begun-frame.js';

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const ZERO = 0x30;
const ONE = 0x31;
const NINE = 0x39;
const PRI = 0x3c;
/** What rsyslog puts before a message that it has compressed. */
const COMPRESSED = 0x7a;
/** A count of more digits is none: no sender has messages of a gigabyte. */
const MOST_DIGITS = 9;

type State = 'between' | 'count' | 'counted' | 'line';

/**
 * Splits a syslog stream into messages, as RFC 6587 tells both ways: an octet count before the message (as TLS demands,
 * RFC 5425), or a line feed or NUL behind it. Which one it is, is found out frame by frame, since senders mix them:
 * only `123 <` begins a counted one, so that a line that begins with a number is a line.
 */
export class SyslogFrames {
  private readonly begun: BegunFrame;
  private state: State = 'between';
  /** A count so far, with the space behind it. */
  private readonly head = Buffer.alloc(MOST_DIGITS + 1);
  private headLength = 0;
  /** The count, then what is left of it. */
  private left = 0;
  /** Where the next NUL of this chunk is; its length if there is none. */
  private nextNul = 0;

  /** @param longest bytes of a frame; of a longer one only so many are handed on */
  constructor(longest: number, onFrame: OnFrame) {
    this.begun = new BegunFrame(longest, onFrame);
  }

  push(chunk: Buffer): void {
    this.nextNul = found(chunk, NUL, 0);
    for (let at = 0; at < chunk.length;) at = this[this.state](chunk, at);
  }

  /** Whether a frame has begun whose end has not come. */
  get hasBegun(): boolean {
    return this.state !== 'between';
  }

  /** Hands on a last line that lacks only its line feed. A frame of which more was to come by its count stays begun. */
  end(): void {
    if (this.state === 'count') this.begun.append(this.head.subarray(0, this.headLength));
    if (this.state === 'count' || this.state === 'line') this.piece(Buffer.alloc(0), true);
  }

  private between(chunk: Buffer, at: number): number {
    const byte = chunk[at]!;
    if (byte === LF || byte === CR || byte === NUL) return at + 1;
    this.state = byte >= ONE && byte <= NINE ? 'count' : 'line';
    this.headLength = this.left = 0;
    return at;
  }

  /** The bytes of a count are kept: it may turn out to be the beginning of a line. */
  private count(chunk: Buffer, at: number): number {
    const byte = chunk[at]!;
    if (this.hasSpace && (byte === PRI || byte === COMPRESSED)) {
      this.state = 'counted';
      return at;
    }
    if (!this.mayStandInCount(byte)) {
      this.state = 'line';
      this.begun.append(this.head.subarray(0, this.headLength));
      return at;
    }
    if (byte !== SPACE) this.left = 10 * this.left + byte - ZERO;
    this.head[this.headLength++] = byte;
    return at + 1;
  }

  private get hasSpace(): boolean {
    return this.headLength > 0 && this.head[this.headLength - 1] === SPACE;
  }

  private mayStandInCount(byte: number): boolean {
    if (this.hasSpace) return false;
    return byte === SPACE || (byte >= ZERO && byte <= NINE && this.headLength < MOST_DIGITS);
  }

  private counted(chunk: Buffer, at: number): number {
    const end = Math.min(at + this.left, chunk.length);
    this.left -= end - at;
    this.piece(chunk.subarray(at, end), this.left === 0);
    return end;
  }

  private line(chunk: Buffer, at: number): number {
    if (this.nextNul < at) this.nextNul = found(chunk, NUL, at);
    const end = Math.min(found(chunk, LF, at), this.nextNul);
    this.piece(chunk.subarray(at, end), end < chunk.length);
    return end + 1;
  }

  private piece(bytes: Buffer, isLast: boolean): void {
    if (!isLast) return this.begun.append(bytes);
    this.state = 'between';
    this.begun.complete(bytes);
  }
}

function found(chunk: Buffer, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from);
  return at < 0 ? chunk.length : at;
}
