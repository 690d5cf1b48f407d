import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { encode } from '@msgpack/msgpack';
import { textsOf } from './forward-message.js';

/** Who may send. Texts, since the protocol hashes them with bytes of its own. */
export interface ForwardSecrets {
  readonly sharedKey: string;
  /** Passwords by user name; without any, the shared key is enough. */
  readonly users: ReadonlyMap<string, string>;
}

const NONCE_BYTES = 16;
/** Clients refuse a server that goes by their own host name, as one on the same machine would. */
const SERVER = 'statuslens';

/** What a server answers to PING. */
export interface Pong {
  readonly bytes: Buffer;
  /** Why the client may not send; undefined if it may. */
  readonly refused: string | undefined;
}

/** The handshake of one connection: HELO, the client's PING, PONG. */
export class ForwardHandshake {
  private readonly nonce = randomBytes(NONCE_BYTES);
  private readonly auth: Buffer;

  constructor(private readonly secrets: ForwardSecrets) {
    this.auth = secrets.users.size > 0 ? randomBytes(NONCE_BYTES) : Buffer.alloc(0);
  }

  /** What the server says first. */
  get helo(): Buffer {
    return packed(['HELO', { nonce: this.nonce, auth: this.auth, keepalive: true }]);
  }

  /** @param ping the first message of the client, whatever it is */
  answer(ping: Buffer): Pong {
    const [name, client, salt, digest, user, password] = textsOf(ping);
    if (name?.toString() !== 'PING' || !client || !salt || !digest)
      return refusal('this server demands a shared key, and this is no PING');
    if (!isEqual(digest, this.keyDigest(salt, client))) return refusal('shared_key mismatch');
    if (this.auth.length > 0 && !this.knows(user, password)) return refusal('username/password mismatch');
    const own = this.keyDigest(salt, Buffer.from(SERVER));
    return { bytes: packed(['PONG', true, '', SERVER, own]), refused: undefined };
  }

  /** The salt is bytes that are no text. */
  private keyDigest(salt: Buffer, host: Buffer): string {
    return sha512(salt, host, this.nonce, Buffer.from(this.secrets.sharedKey));
  }

  /** An unknown user takes as long as a known one with a wrong password. */
  private knows(user: Buffer | undefined, digest: Buffer | undefined): boolean {
    if (!user || !digest) return false;
    const password = this.secrets.users.get(user.toString());
    const isRight = isEqual(digest, sha512(this.auth, user, Buffer.from(password ?? '')));
    return isRight && password !== undefined;
  }
}

const sha512 = (...parts: readonly Buffer[]): string => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** What they hash to is compared, so that neither content nor length shows in the time. */
const isEqual = (presented: Buffer, right: string): boolean =>
  timingSafeEqual(
    createHash('sha512').update(presented).digest(),
    createHash('sha512').update(right).digest(),
  );

const refusal = (reason: string): Pong => ({
  bytes: packed(['PONG', false, reason, '', '']),
  refused: reason,
});

const packed = (message: unknown): Buffer => Buffer.from(encode(message));
