import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Body } from './body.js';

const compress = promisify(gzip);

/** Smaller ones cost more on their way to another thread than their bytes do in Redis. */
const LEAST_BYTES = 16 * 1024;
const PIECE_BYTES = 128 * 1024;

/**
 * A body as it is stored: a plain one is compressed, for its bytes go through Redis, its file and a worker. Logs become
 * a tenth, in another thread, which costs less than to write and read the rest.
 */
export async function deflatedBody(body: Body): Promise<Body> {
  if (body.encoding !== 'identity' || body.bytes.length < LEAST_BYTES) return body;
  const bytes = await compress(body.bytes, { level: constants.Z_BEST_SPEED, chunkSize: PIECE_BYTES });
  return bytes.length < body.bytes.length ? { ...body, bytes, encoding: 'gzip' } : body;
}
