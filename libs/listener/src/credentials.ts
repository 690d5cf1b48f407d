import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credentials, SecretHash } from '#settings';
import { isScryptOf } from './scrypt-hash.js';

/**
 * Whether an Authorization header is what is demanded. Digests of one length are compared, so that neither a secret
 * nor its length shows in the time.
 * @throws TooManyGuesses while strangers try passwords faster than scrypt can tell
 */
export async function isAuthorized(
  header: string | undefined,
  credentials: Credentials | undefined,
): Promise<boolean> {
  if (!credentials) return true;
  const [scheme = '', value = ''] = (header ?? '').split(/ +(.*)/s, 2);
  const presented = scheme.toLowerCase();
  if (presented === 'bearer') return isAny(value, credentials.bearers);
  if (presented !== 'basic' || !credentials.basic) return false;
  const [username, password] = decoded(value);
  const isUser = timingSafeEqual(sha256(username), sha256(credentials.basic.username));
  return (await isAny(password, credentials.basic.passwords)) && isUser;
}

/** Basic credentials as RFC 7617 puts them into the header; a password may hold colons. */
function decoded(value: string): readonly [username: string, password: string] {
  const text = Buffer.from(value, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? ['', ''] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** scrypt is asked only where nothing else fits, since it is slow. */
async function isAny(text: string, hashes: readonly SecretHash[]): Promise<boolean> {
  const digest = sha256(text);
  let found = false;
  for (const hash of hashes) if ('sha256' in hash) found = timingSafeEqual(digest, hash.sha256) || found;
  for (const hash of hashes) if ('scrypt' in hash) found ||= await isScryptOf(text, digest, hash);
  return found;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
