import type { IncomingMessage } from 'node:http';
import type { Hold } from '../inflight.js';
import { Refused } from '../refusal.js';

const FIRST_PIECE = 16 * 1024;

/** The Content-Length of a request; undefined for a chunked body. */
export function declaredLength({ headers }: Pick<IncomingMessage, 'headers'>): number | undefined {
  const text = headers['content-length'];
  return text === undefined ? undefined : Number(text);
}

/** Nobody is there to be answered. */
export class SenderGone extends Error {
  constructor() {
    super('the sender went away before the end of the body');
    this.name = 'SenderGone';
  }
}

/**
 * Reads a body into one buffer. Each byte is held before there is memory for it, and chunks are copied at once: a
 * chunk of one byte takes a hundred as an object.
 * @param limit bytes of the largest body
 * @throws Refused, or SenderGone
 */
export function readBytes(request: IncomingMessage, hold: Hold, limit: number): Promise<Buffer> {
  const declared = declaredLength(request);
  if (declared !== undefined && declared > limit) throw new Refused('too_large');
  const bytes = new GrowingBuffer(hold, limit, declared ?? 0);
  return new Promise((resolve, reject) => {
    const settled = (settle: () => void): void => {
      request.off('data', take).off('end', end).off('error', gone).off('close', gone);
      settle();
    };
    const gone = (): void => settled(() => reject(new SenderGone()));
    const end = (): void => settled(() => resolve(bytes.all));
    const take = (chunk: Buffer): void => {
      try {
        bytes.append(chunk);
      } catch (error) {
        const refused = error as Error;
        settled(() => reject(refused));
      }
    };
    request.on('data', take).on('end', end).on('error', gone).on('close', gone);
  });
}

class GrowingBuffer {
  private buffer: Buffer;
  private length = 0;

  constructor(
    private readonly hold: Hold,
    private readonly limit: number,
    capacity: number,
  ) {
    hold.growTo(capacity);
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  get all(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  append(chunk: Buffer): void {
    const length = this.length + chunk.length;
    if (length > this.limit) throw new Refused('too_large');
    if (length > this.buffer.length) this.grow(Math.max(length, this.buffer.length * 2, FIRST_PIECE));
    chunk.copy(this.buffer, this.length);
    this.length = length;
  }

  private grow(capacity: number): void {
    this.hold.growTo(capacity);
    const grown = Buffer.allocUnsafe(capacity);
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
