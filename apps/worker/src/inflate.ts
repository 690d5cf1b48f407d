import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { BrokenZstd, LARGEST_ZSTD_WINDOW, zstdFrames, type BatchEncoding, type ZstdFrame } from '#batches';
import type { DeadReason } from '#metric-names';

/** The payload can never be read, however often it is tried. */
export class Unreadable extends Error {
  constructor(
    readonly reason: DeadReason,
    message: string,
  ) {
    super(message);
    this.name = 'Unreadable';
  }
}

const CHUNK_BYTES = 64 * 1024;

/** What zlib says of damaged bytes. Anything else, such as too little memory, is no fault of the payload. */
const DAMAGED = new Set<string | undefined>(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'Z_NEED_DICT']);

/**
 * Gives the bytes of a payload piece by piece, so that memory does not grow with what a small body inflates to.
 * @param limit bytes after decompression
 * @throws Unreadable if it is damaged or larger than the limit
 */
export async function inflate(
  payload: Buffer,
  encoding: BatchEncoding,
  limit: number,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  let inflated = 0;
  const counted = (chunk: Uint8Array): void => {
    inflated += chunk.length;
    if (inflated > limit)
      throw new Unreadable('inflated_too_large', `more than ${limit} bytes after decompression`);
    onChunk(chunk);
  };
  if (encoding === 'gzip') await gunzip(payload, counted);
  else if (encoding === 'zstd') unzstd(payload, limit, counted);
  else counted(payload);
}

async function gunzip(payload: Buffer, onChunk: (chunk: Uint8Array) => void): Promise<void> {
  const stream = createGunzip({ chunkSize: CHUNK_BYTES });
  stream.end(payload);
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    const next = await chunks.next().catch((error: NodeJS.ErrnoException) => {
      throw DAMAGED.has(error.code) ? new Unreadable('unreadable_gzip', error.message) : error;
    });
    if (next.done) return;
    try {
      onChunk(next.value);
    } catch (error) {
      stream.destroy();
      throw error;
    }
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
function unzstd(payload: Buffer, limit: number, onChunk: (chunk: Uint8Array) => void): void {
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
        throw new Unreadable(
          'unreadable_zstd',
          'its blocks or frames are too small and too many for their windows',
        );
    };
    move(COST_OF_A_WINDOW);
    inflateFrame(bytes, (block) => {
      onChunk(block);
      move(1);
    });
  }
}

/** @throws Unreadable instead of BrokenZstd */
function* framesOf(payload: Buffer): Generator<ZstdFrame> {
  try {
    yield* zstdFrames(payload);
  } catch (error) {
    throw error instanceof BrokenZstd ? new Unreadable('unreadable_zstd', error.message) : error;
  }
}

function inflateFrame(bytes: Buffer, onChunk: (chunk: Uint8Array) => void): void {
  let ofReader: unknown;
  const stream = new Decompress((chunk) => {
    try {
      onChunk(chunk);
    } catch (error) {
      ofReader = error;
      throw error;
    }
  });
  try {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
      stream.push(bytes.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= bytes.length);
  } catch (error) {
    // what fails while it reads a chunk is no fault of the payload
    if (error === ofReader) throw error;
    throw new Unreadable('unreadable_zstd', (error as Error).message);
  }
}
