import { createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { Decompress } from 'fzstd';
import type { BatchEncoding } from './log-batch.js';
import { BrokenSnappy } from './snappy-block.js';
import { LargeSnappy, unsnap } from './snappy.js';
import { BrokenZstd, LARGEST_ZSTD_WINDOW, zstdFrames, type ZstdFrame } from './zstd-frames.js';

/** Encodings in which bodies are sent; `deflate` is zlib, as RFC 9110 has it, `snappy` a block or a framed stream. */
export type SentEncoding = BatchEncoding | 'deflate' | 'deflate-raw' | 'snappy';

/** The payload can never be read, however often it is tried. */
export class Unreadable extends Error {
  constructor(
    readonly reason: 'damaged' | 'zstd_window_too_large' | 'inflated_too_large',
    message: string,
  ) {
    super(message);
    this.name = 'Unreadable';
  }
}

/** Takes a piece of what was inflated; the next one comes when it is done. */
export type OnChunk = (chunk: Uint8Array) => void | Promise<void>;

const CHUNK_BYTES = 64 * 1024;
/** Each piece is a way to another thread and back. */
const ZLIB_CHUNK_BYTES = 256 * 1024;
/** Four bytes of zstd may stand for 128 KiB, which come at once. */
const ZSTD_CHUNK_BYTES = 256;

const ZLIB = { gzip: createGunzip, deflate: createInflate, 'deflate-raw': createInflateRaw } as const;

/** What zlib says of damaged bytes. Anything else, such as too little memory, is no fault of the payload. */
const DAMAGED = new Set<string | undefined>(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'Z_NEED_DICT']);

/**
 * Gives the bytes of a payload piece by piece, so that memory does not grow with what a small body inflates to.
 * @param limit bytes after decompression
 * @throws Unreadable if it is damaged or larger than the limit
 */
export async function inflate(
  payload: Buffer,
  encoding: SentEncoding,
  limit: number,
  onChunk: OnChunk,
): Promise<void> {
  let inflated = 0;
  for await (const chunk of chunksOf(payload, encoding, limit)) {
    inflated += chunk.length;
    if (inflated > limit)
      throw new Unreadable('inflated_too_large', `more than ${limit} bytes after decompression`);
    await onChunk(chunk);
  }
}

function chunksOf(
  payload: Buffer,
  encoding: SentEncoding,
  limit: number,
): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (encoding === 'identity') return pieces(payload, CHUNK_BYTES);
  if (encoding === 'snappy') return unsnappy(payload, limit);
  return encoding === 'zstd' ? unzstd(payload, limit) : unzip(payload, encoding);
}

function* pieces(payload: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < payload.length; at += length) yield payload.subarray(at, at + length);
}

async function* unzip(payload: Buffer, encoding: keyof typeof ZLIB): AsyncGenerator<Uint8Array> {
  const stream = ZLIB[encoding]({ chunkSize: ZLIB_CHUNK_BYTES });
  stream.end(payload);
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw DAMAGED.has(code) ? new Unreadable('damaged', message) : error;
  } finally {
    stream.destroy();
  }
}

function* unsnappy(payload: Buffer, limit: number): Generator<Uint8Array> {
  try {
    yield* unsnap(payload, limit);
  } catch (error) {
    if (error instanceof LargeSnappy) throw new Unreadable('inflated_too_large', error.message);
    throw error instanceof BrokenSnappy ? new Unreadable('damaged', error.message) : error;
  }
}

/** fzstd allocates a window for each frame and moves it for each block: so often may each byte of the limit be. */
const MOST_MOVES = 128;
/** Allocating it takes as long as moving it so many times. */
const COST_OF_A_WINDOW = 8;

/**
 * zstd is not in the zlib of Node 20. fzstd inflates as it is pushed, so small pushes bound its memory, once the
 * headers of the frames have been looked at: it allocates whatever window a frame declares.
 */
function* unzstd(payload: Buffer, limit: number): Generator<Uint8Array> {
  let moved = 0;
  for (const { bytes, window } of framesOf(payload)) {
    if (window > LARGEST_ZSTD_WINDOW)
      throw new Unreadable(
        'zstd_window_too_large',
        `a frame needs a window of ${window} bytes; RFC 9659 allows ${LARGEST_ZSTD_WINDOW} at most`,
      );
    const move = (times: number): void => {
      moved += times * window;
      if (moved > MOST_MOVES * Math.max(limit, LARGEST_ZSTD_WINDOW))
        throw new Unreadable('damaged', 'its blocks or frames are too small and too many for their windows');
    };
    move(COST_OF_A_WINDOW);
    for (const block of blocksOf(bytes)) {
      yield block;
      move(1);
    }
  }
}

/** @throws Unreadable instead of BrokenZstd */
function* framesOf(payload: Buffer): Generator<ZstdFrame> {
  try {
    yield* zstdFrames(payload);
  } catch (error) {
    throw error instanceof BrokenZstd ? new Unreadable('damaged', error.message) : error;
  }
}

function* blocksOf(frame: Buffer): Generator<Uint8Array> {
  let blocks: Uint8Array[] = [];
  const stream = new Decompress((block) => blocks.push(block));
  let left = frame.length;
  for (const piece of pieces(frame, ZSTD_CHUNK_BYTES)) {
    left -= piece.length;
    try {
      stream.push(piece, left === 0);
    } catch (error) {
      throw new Unreadable('damaged', (error as Error).message);
    }
    yield* blocks;
    blocks = [];
  }
}
