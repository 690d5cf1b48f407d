import { createHash, randomBytes } from 'node:crypto';
import { decode, encode } from '@msgpack/msgpack';
import { ForwardHandshake } from './forward-handshake.js';

const KEY = 'the shared key';
const SALT = randomBytes(16);
const sha512 = (...parts: (string | Uint8Array)[]): string => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};
const nobody = new Map<string, string>();

interface Helo {
  nonce: Uint8Array;
  auth: Uint8Array;
}

/** What a client does that knows some secrets, with a salt of bytes that are no text. */
function talk(handshake: ForwardHandshake, key = KEY, user = '', password = '') {
  const [name, { nonce, auth }] = decode(handshake.helo) as [string, Helo];
  expect(name).toBe('HELO');
  const digests = [sha512(SALT, 'client', nonce, key), sha512(auth, user, password)];
  const ping = Buffer.from(encode(['PING', 'client', SALT, digests[0], user, digests[1]]));
  const { bytes, refused } = handshake.answer(ping);
  const pong = decode(bytes) as [string, boolean, string, string, string];
  expect(pong).toHaveLength(5);
  expect(pong.slice(1, 3)).toEqual([refused === undefined, refused ?? '']);
  return { pong, nonce, refused };
}

describe('ForwardHandshake', () => {
  it('lets in who knows the shared key, and proves that it knows it, too', () => {
    const { pong, nonce, refused } = talk(new ForwardHandshake({ sharedKey: KEY, users: nobody }));
    expect(refused).toBeUndefined();
    expect(pong[4]).toBe(sha512(SALT, pong[3], nonce, KEY));
  });

  it('does not let in who has another key', () => {
    expect(talk(new ForwardHandshake({ sharedKey: KEY, users: nobody }), 'other').refused).toBe(
      'shared_key mismatch',
    );
  });

  it.each([
    ['me', 'right', undefined],
    ['me', 'wrong', 'username/password mismatch'],
    ['you', 'right', 'username/password mismatch'],
    ['', '', 'username/password mismatch'],
  ])('demands a user where there are any: %s with %s', (user, password, refused) => {
    const secrets = { sharedKey: KEY, users: new Map([['me', 'right']]) };
    expect(talk(new ForwardHandshake(secrets), KEY, user, password).refused).toBe(refused);
  });

  it.each([
    ['an event', ['tag', 1, { log: 'a' }]],
    ['a short PING', ['PING', 'client']],
    ['numbers', ['PING', 1, 2, 3, 4, 5]],
    ['nil', null],
  ])('refuses %s instead of a PING', (_, message) => {
    const handshake = new ForwardHandshake({ sharedKey: KEY, users: nobody });
    expect(handshake.answer(Buffer.from(encode(message))).refused).toContain('demands a shared key');
  });

  it('has other nonces each time', () => {
    const secrets = { sharedKey: KEY, users: nobody };
    expect(new ForwardHandshake(secrets).helo).not.toEqual(new ForwardHandshake(secrets).helo);
  });
});
