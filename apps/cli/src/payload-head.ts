import { constants, createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import type { BatchEncoding } from '#batches';

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
  const stream = new Decompress((chunk) => {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes >= most) throw new Error('enough');
  });
  try {
    stream.push(stored);
    stream.push(new Uint8Array(0), true); // it holds back what is shorter than any frame may be
  } catch {
    // damaged from here on, or enough
  }
  return chunks;
}
