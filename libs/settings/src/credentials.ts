import { createHash } from 'node:crypto';
import type { AuthFile, SecretFile } from './listener-file.js';
import { readSecret, type Surroundings } from './secret.js';
import type { Credentials, SecretHash } from './settings.js';

/** Shorter secrets are told of, since they can be guessed: 16 hexadecimal digits are 64 bits. */
const SHORTEST = 16;

/** What `auth:` demands, as hashes: the settings keep no secret. */
export interface ReadCredentials {
  readonly credentials: Credentials | undefined;
  /** What cannot be used. */
  readonly mistakes: readonly string[];
  /** What can be used and should not. */
  readonly warnings: readonly string[];
}

export function readCredentials(auth: AuthFile | undefined, surroundings: Surroundings): ReadCredentials {
  const mistakes: string[] = [];
  const warnings: string[] = [];
  const hashes = (name: string, secrets: readonly SecretFile[]): SecretHash[] =>
    secrets.flatMap((secret) => {
      const read = readHashOrSecret(secret, surroundings);
      if (read instanceof Error) {
        mistakes.push(read.message);
        return [];
      }
      if (typeof read !== 'string') return [read];
      if (read.length < SHORTEST)
        warnings.push(
          `${name} has ${read.length} characters and can be guessed: make one with statuslens token`,
        );
      return [{ sha256: createHash('sha256').update(read).digest() }];
    });
  const credentials = auth && {
    bearers: hashes('auth.bearer', auth.bearer ?? []),
    basic: auth.basic && {
      username: auth.basic.username,
      passwords: hashes('auth.basic.password', auth.basic.password),
    },
  };
  return { credentials, mistakes, warnings };
}

/** @returns its text, its hash, or what is wrong with it */
function readHashOrSecret(secret: SecretFile, surroundings: Surroundings): string | SecretHash | Error {
  if (typeof secret === 'object' && 'sha256' in secret) return { sha256: Buffer.from(secret.sha256, 'hex') };
  if (typeof secret === 'object' && 'scrypt' in secret) return scryptHash(secret.scrypt);
  return readSecret(secret, surroundings);
}

/** Of memory, for one verification; more would let strangers fill it. */
const MOST_SCRYPT_BYTES = 64 * 1024 * 1024;

/** Reads the PHC string format, `$scrypt$ln=14,r=8,p=1$salt$hash` in unpadded base64. */
function scryptHash(text: string): SecretHash | Error {
  const [, , cost = '', salt = '', key = ''] = text.split('$');
  const [ln = 0, r = 0, p = 0] = [...cost.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const hash = { N: 2 ** ln, r, p, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
  if (ln < 1 || r < 1 || p < 1 || 128 * hash.N * r > MOST_SCRYPT_BYTES || p > 16)
    return new Error(`scrypt of ${cost} needs ln, r and p from 1, p up to 16, and 64 MiB at most`);
  if (hash.key.length < 16) return new Error('the scrypt hash is shorter than 16 bytes');
  return { scrypt: hash };
}
