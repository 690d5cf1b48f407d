import { BrokenStream } from './broken-stream.js';
import { PendingBytes } from './pending-bytes.js';

/** A frame of Lumberjack, of version 1 or 2. Bytes are lent until the next push. */
export type LumberjackFrame =
  | { readonly type: 'window'; readonly version: number; readonly events: number }
  | { readonly type: 'compressed'; readonly payload: Buffer }
  | { readonly type: 'json' | 'pairs'; readonly sequence: number; readonly body: Buffer };

const [VERSION_1, VERSION_2] = [0x31, 0x32];
const [WINDOW, COMPRESSED, JSON_EVENT, PAIRS_EVENT, ACK] = [0x57, 0x43, 0x4a, 0x44, 0x41];
/** Bytes of a frame before what its length counts. */
const HEADS: Readonly<Record<number, number>> = {
  [WINDOW]: 6,
  [COMPRESSED]: 6,
  [JSON_EVENT]: 10,
  [PAIRS_EVENT]: 10,
};
const TLS_RECORD = 0x16;

/**
 * Cuts a stream of Lumberjack frames: W, C, J and D. What a C holds is inflated by the caller and goes into another one
 * of these, which takes no C.
 */
export class LumberjackFrames {
  private readonly pending = new PendingBytes();
  /** Of the frame that has begun: where it ends as far as that is known, and texts of pairs that are still to come. */
  private end = 0;
  private texts = 0;

  /** @param limit bytes of the largest frame */
  constructor(
    private readonly limit: number,
    private readonly isNested = false,
  ) {}

  /** Bytes of a frame that has not ended. */
  get unfinished(): number {
    return this.pending.length;
  }

  /** @throws BrokenStream */
  *push(segment: Uint8Array): Generator<LumberjackFrame> {
    this.pending.append(segment);
    for (let frame = this.next(); frame; frame = this.next()) yield frame;
  }

  private next(): LumberjackFrame | undefined {
    const { bytes } = this.pending;
    if (this.end === 0 && !this.begin(bytes)) return undefined;
    while (this.texts > 0) {
      if (this.end + 4 > bytes.length) return undefined;
      this.end += 4 + bytes.readUInt32BE(this.end);
      this.texts--;
      this.mustFit(this.end + 4 * this.texts);
    }
    if (this.end > bytes.length) return undefined;
    const frame = frameOf(bytes.subarray(0, this.end));
    this.pending.drop(this.end);
    this.end = 0;
    return frame;
  }

  /** @returns whether all of the head has come */
  private begin(bytes: Buffer): boolean {
    if (bytes.length > 0) mustBeVersion(bytes[0]!);
    if (bytes.length < 2) return false;
    const type = bytes[1]!;
    const head = HEADS[type];
    if (head === undefined || (type === COMPRESSED && this.isNested)) throw strangeFrame(type);
    if (bytes.length < head) return false;
    const count = type === WINDOW ? 0 : bytes.readUInt32BE(head - 4);
    this.texts = type === PAIRS_EVENT ? 2 * count : 0;
    this.end = type === PAIRS_EVENT ? head : head + count;
    this.mustFit(this.end + 4 * this.texts);
    return true;
  }

  private mustFit(bytes: number): void {
    if (bytes > this.limit)
      throw new BrokenStream(
        `a frame is larger than ${this.limit} bytes`,
        'Send smaller batches, or raise ingest.max_body.',
      );
  }
}

function frameOf(bytes: Buffer): LumberjackFrame {
  switch (bytes[1]) {
    case WINDOW:
      return { type: 'window', version: bytes[0]!, events: bytes.readUInt32BE(2) };
    case COMPRESSED:
      return { type: 'compressed', payload: bytes.subarray(6) };
    default:
      return {
        type: bytes[1] === JSON_EVENT ? 'json' : 'pairs',
        sequence: bytes.readUInt32BE(2),
        body: bytes.subarray(10),
      };
  }
}

function mustBeVersion(byte: number): void {
  if (byte === VERSION_1 || byte === VERSION_2) return;
  if (byte === TLS_RECORD)
    throw new BrokenStream('this is TLS', 'Set `tls` of this receiver, or turn ssl off in the sender.');
  throw new BrokenStream('this is no frame of Lumberjack', 'Check what sends to this port.');
}

const strangeFrame = (type: number): BrokenStream =>
  new BrokenStream(
    type === COMPRESSED ? 'a compressed frame is in another one' : `a frame is of type ${type}`,
    'Check what sends to this port.',
  );

/**
 * @param version of the window that is acknowledged
 * @param sequence of its last event, as it was received; 0 says that it is being worked on
 */
export function lumberjackAck(version: number, sequence: number): Buffer {
  const ack = Buffer.from([version, ACK, 0, 0, 0, 0]);
  ack.writeUInt32BE(sequence, 2);
  return ack;
}
