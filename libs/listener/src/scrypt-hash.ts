import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { SecretHash } from '#settings';

type Scrypt = Extract<SecretHash, { scrypt: unknown }>;

/** 16 MiB and some 50 ms a guess. */
const COST = { ln: 14, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** Verifications that may wait for the one that runs. */
const MOST_WAITING = 8;

/** Strangers try passwords faster than they can be verified; whoever is honest may come again. */
class TooManyGuesses extends Error {
  readonly statusCode = 503;
}

/** The hash of a password as settings hold it: the PHC string format. */
export async function scryptText(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const { ln, r, p } = COST;
  const key = await derived(password, { N: 2 ** ln, r, p, salt, key: Buffer.alloc(KEY_BYTES) });
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(key)}`;
}

/** SHA-256 of the password that was right last, by its hash, so that a sender pays for scrypt once. */
const verified = new WeakMap<Scrypt, Buffer>();

let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/**
 * @param digest SHA-256 of the password
 * @throws TooManyGuesses
 */
export async function isScryptOf(password: string, digest: Buffer, hash: Scrypt): Promise<boolean> {
  const known = verified.get(hash);
  if (known && timingSafeEqual(known, digest)) return true;
  // one at a time: guesses take one core and 64 MiB at most
  if (waiting >= MOST_WAITING)
    throw new TooManyGuesses('passwords are tried faster than they can be verified');
  waiting++;
  const mine = last.then(() => derived(password, hash.scrypt));
  last = mine.catch(() => {}).finally(() => waiting--);
  const isRight = timingSafeEqual(await mine, hash.scrypt.key);
  if (isRight) verified.set(hash, digest);
  return isRight;
}

const derived = (password: string, { N, r, p, salt, key }: Scrypt['scrypt']): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, key.length, { N, r, p, maxmem: 256 * N * r }, (error, bytes) =>
      error ? reject(error) : resolve(bytes),
    );
  });

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
