import { createHmac } from 'node:crypto';

/** 64 bits: of a million callers two have the same hash once in 37 million sources. */
const DIGITS = 16;

/**
 * Hashes callers of a source: without the key nobody can tell who it is, or try who it could be; another source has
 * another hash of the same caller. `printf '%s\0%s' SOURCE CALLER | openssl dgst -sha256 -hmac "$KEY"` begins alike.
 */
export const callerHash =
  (key: string, source: string) =>
  (caller: Uint8Array): string =>
    createHmac('sha256', key).update(`${source}\0`).update(caller).digest('hex').slice(0, DIGITS);
