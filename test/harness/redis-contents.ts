import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { constants, createGunzip } from 'node:zlib';
import type { Redis } from 'ioredis';

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);

/** How to read all of a key, by its type. */
const READ: Readonly<Record<string, (redis: Redis, key: string) => Promise<unknown>>> = {
  string: (redis, key) => redis.getBuffer(key),
  hash: (redis, key) =>
    redis.hgetallBuffer(key).then((fields) => [Object.keys(fields), Object.values(fields)]),
  list: (redis, key) => redis.lrangeBuffer(key, 0, -1),
  set: (redis, key) => redis.smembersBuffer(key),
  zset: (redis, key) => redis.zrangeBuffer(key, '0', '-1'),
  stream: (redis, key) => redis.xrangeBuffer(key, '-', '+'),
};

/** Every key of a Redis with all that it holds, and what gzip in it inflates to. */
export async function redisContents(redis: Redis): Promise<Buffer> {
  const found: Buffer[] = [];
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    if (type === 'none') continue; // gone meanwhile
    const read = READ[type];
    if (!read) throw new Error(`nobody reads keys of type ${type}`);
    found.push(Buffer.from(key), ...bytesIn(await read(redis, key)));
  }
  return withInflated(Buffer.concat(found));
}

/** All that the append-only files in a folder of Redis hold, byte by byte, and what gzip in it inflates to. */
export function appendOnlyContents(folder: string): Promise<Buffer> {
  const files = join(folder, 'appendonlydir');
  return withInflated(Buffer.concat(readdirSync(files).map((name) => readFileSync(join(files, name)))));
}

function bytesIn(value: unknown): Buffer[] {
  if (Array.isArray(value)) return value.flatMap(bytesIn);
  if (Buffer.isBuffer(value)) return [value];
  return typeof value === 'string' ? [Buffer.from(value)] : [];
}

async function withInflated(bytes: Buffer): Promise<Buffer> {
  const found = [bytes];
  for (let at = bytes.indexOf(GZIP_MAGIC); at >= 0; at = bytes.indexOf(GZIP_MAGIC, at + 1))
    found.push(...(await inflated(bytes.subarray(at))));
  return Buffer.concat(found);
}

/** As far as it goes: behind it stands what is no gzip, or it is cut off, or none itself. */
async function inflated(bytes: Buffer): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  const stream = createGunzip({ chunkSize: constants.Z_MIN_CHUNK, finishFlush: constants.Z_SYNC_FLUSH });
  stream.end(bytes);
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer);
  } catch {
    // from here on
  }
  return chunks;
}
