import { constants, createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { LARGEST_ZSTD_WINDOW, zstdFrames, type BatchEncoding } from '#batches';

/** Of zstd, for a look at what may be an attack. */
const MOST_BLOCKS = 100;

const CHUNK_BYTES = 64; // the smallest of zlib: what comes before damaged bytes is seen

/** The first bytes of a payload that may be damaged, as far as it can be inflated. */
export async function inflatedHead(stored: Buffer, encoding: BatchEncoding, most: number): Promise<Buffer> {
  if (encoding === 'identity') return stored.subarray(0, most);
  const chunks = encoding === 'gzip' ? await gunzipped(stored, most) : unzstd(stored, most);
  return Buffer.concat(chunks).subarray(0, most);
}

async function gunzipped(stored: Buffer, most: number): Promise<Buffer[]> {
  const stream = createGunzip({ chunkSize: CHUNK_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  stream.end(stored);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes >= most) break;
    }
  } catch {
    // damaged from here on
  }
  return chunks;
}

function unzstd(stored: Buffer, most: number): Buffer[] {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let blocks = 0;
  const keep = (chunk: Uint8Array): void => {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    blocks++;
    if (bytes >= most || blocks >= MOST_BLOCKS) throw new Error('enough');
  };
  try {
    for (const frame of zstdFrames(stored, { isHead: true })) {
      if (frame.window > LARGEST_ZSTD_WINDOW) break;
      const stream = new Decompress(keep);
      stream.push(frame.bytes);
      stream.push(new Uint8Array(0), true); // it holds back what is shorter than any frame may be
    }
  } catch {
    // damaged from here on, or enough
  }
  return chunks;
}
