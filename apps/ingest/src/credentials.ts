import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '#settings';

/** Whether an Authorization header is what a source demands. Takes the same time for every wrong answer. */
export function isAuthorized(header: string | undefined, credentials: Credentials | undefined): boolean {
  if (!credentials) return true;
  const [scheme = '', value = ''] = (header ?? '').split(/ +(.*)/s, 2);
  const presented = scheme.toLowerCase();
  const bearer =
    credentials.bearer !== undefined && presented === 'bearer' && same(value, credentials.bearer);
  const basic =
    credentials.basic !== undefined && presented === 'basic' && same(value, encoded(credentials.basic));
  return bearer || basic;
}

/** Basic credentials as RFC 7617 puts them into the header. */
const encoded = ({ username, password }: NonNullable<Credentials['basic']>): string =>
  Buffer.from(`${username}:${password}`).toString('base64');

/** Digests have one length, so that not even the length of a secret shows in the time. */
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
