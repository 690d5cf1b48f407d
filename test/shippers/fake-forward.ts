import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { ExtData, decode, encode } from '@msgpack/msgpack';

/**
 * Clients that cannot be installed here, after what their sources and documents say they do. Where they are strict, these
 * are strict: what the real one would take for an error is thrown.
 */
export interface ForwardQuirks {
  readonly name: string;
  /** An entry of a chunk. */
  readonly entry: (line: string) => unknown;
  /** Entries as they stand in the message, packed. */
  readonly payload: (entries: readonly Buffer[]) => { readonly packed: Buffer; readonly option: object };
  readonly chunkId: (payload: Buffer) => string;
  /** Whether one connection carries more than one chunk. */
  readonly keepsConnection: boolean;
  /** Whether it opens a connection before each chunk only to see that it can. */
  readonly beatsByConnecting: boolean;
  /** So long it waits for an answer; shorter than the real ones do. */
  readonly ackTimeoutMs: number;
  /** Of a handshake: bytes that are no text. */
  readonly saltType: 'str' | 'bin';
}

const TIME = new ExtData(0, Uint8Array.of(0x69, 0x20, 0x30, 0x40, 0, 0, 0, 7));
const packed = (value: unknown): Buffer => Buffer.from(encode(value));
const RAW_HEAD = { str: 0xdb, bin: 0xc6 } as const;

/** Bytes as a `str` or a `bin`, whatever they are. */
function raw(type: keyof typeof RAW_HEAD, bytes: Buffer): Buffer {
  const head = Buffer.alloc(5, RAW_HEAD[type]);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

export const FLUENT_BIT: ForwardQuirks = {
  name: 'Fluent Bit',
  entry: (line) => [[TIME, {}], { log: line }],
  payload: (entries) => ({
    packed: raw('bin', Buffer.concat(entries)),
    option: { size: entries.length, fluent_signal: 0 },
  }),
  // a repeat, and a chunk that is the same to the byte, has the same one
  chunkId: (payload) => createHash('sha512').update(payload).digest().subarray(0, 16).toString('hex'),
  keepsConnection: true,
  beatsByConnecting: false,
  ackTimeoutMs: 1000,
  saltType: 'str',
};

export const FLUENTD: ForwardQuirks = {
  name: 'Fluentd',
  entry: (line) => [TIME, { message: line }],
  payload: (entries) => {
    const half = Math.ceil(entries.length / 2);
    const members = [entries.slice(0, half), entries.slice(half)].map((part) =>
      gzipSync(Buffer.concat(part)),
    );
    return {
      packed: raw('str', Buffer.concat(members)),
      option: { size: entries.length, compressed: 'gzip' },
    };
  },
  chunkId: () => `${randomBytes(16).toString('base64')}\n`,
  keepsConnection: false,
  beatsByConnecting: true,
  ackTimeoutMs: 1500,
  saltType: 'bin',
};

interface Options {
  readonly port: number;
  readonly tag: string;
  /** With a shared key it waits for the server to speak first. */
  readonly sharedKey?: string;
  /** How often it sends a chunk that was not answered, after the first time. */
  readonly retries: number;
}

/** One sender with an unbounded queue of chunks. */
export class FakeForward {
  private socket: Socket | undefined;
  /** How often a chunk was sent again. */
  repeats = 0;
  /** Chunks that were given up. */
  dropped = 0;

  constructor(
    private readonly quirks: ForwardQuirks,
    private readonly options: Options,
  ) {}

  /** Sends lines as one chunk, until it is answered or given up. */
  async send(lines: readonly string[]): Promise<void> {
    const { quirks, options } = this;
    const payload = quirks.payload(lines.map((line) => packed(quirks.entry(line))));
    const chunk = quirks.chunkId(payload.packed);
    const option = packed({ ...payload.option, chunk });
    const message = Buffer.concat([Buffer.from([0x93]), packed(options.tag), payload.packed, option]);
    for (let left = options.retries; ; left--) {
      if (await this.isAnswered(message, chunk)) return;
      this.drop();
      if (left === 0) return void this.dropped++;
      this.repeats++;
      await pause(50);
    }
  }

  close(): void {
    this.drop();
  }

  private drop(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }

  private async isAnswered(message: Buffer, chunk: string): Promise<boolean> {
    const { quirks, options } = this;
    try {
      if (quirks.beatsByConnecting) (await opened(options.port)).destroy();
      this.socket ??= await this.established();
      this.socket.write(message);
      const answer = await read(this.socket, quirks.ackTimeoutMs);
      // one read, unpacked once: half an answer, or two, is an error
      const ack = decode(answer) as { ack: unknown };
      if (JSON.stringify(ack) !== JSON.stringify({ ack: chunk }))
        throw new StrictError(
          `${quirks.name} was answered ${JSON.stringify(ack)} for ${JSON.stringify(chunk)}`,
        );
    } catch (error) {
      if (error instanceof StrictError) throw error;
      return false;
    }
    if (!quirks.keepsConnection) this.drop();
    return true;
  }

  private async established(): Promise<Socket> {
    const socket = await opened(this.options.port);
    const { sharedKey } = this.options;
    if (sharedKey === undefined) return socket;
    await greet(socket, sharedKey, this.quirks.saltType);
    return socket;
  }
}

/** The real client would log an error and count the chunk as not sent. */
class StrictError extends Error {}

async function opened(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** One read of the socket. @throws if nothing comes */
async function read(socket: Socket, timeoutMs: number): Promise<Buffer> {
  const timer = AbortSignal.timeout(timeoutMs);
  const end = new AbortController();
  const closed = once(socket, 'close', { signal: end.signal }).then(() => {
    throw new Error('closed');
  });
  try {
    const came = once(socket, 'data', { signal: AbortSignal.any([timer, end.signal]) });
    came.catch(() => {});
    closed.catch(() => {});
    const [bytes] = (await Promise.race([came, closed])) as [Buffer];
    return bytes;
  } finally {
    end.abort();
  }
}

const sha512 = (...parts: (string | Uint8Array)[]): string => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** HELO, PING, PONG with a salt of any bytes; the digest of the server is checked. */
async function greet(socket: Socket, sharedKey: string, saltType: 'str' | 'bin'): Promise<void> {
  const [helo, { nonce }] = decode(await read(socket, 5000)) as [string, { nonce: Uint8Array }];
  if (helo !== 'HELO') throw new StrictError(`the server said ${helo}`);
  const salt = randomBytes(16);
  salt[0] = 0xff; // no UTF-8
  const digest = sha512(salt, 'a-client', nonce, sharedKey);
  const texts = (values: string[]): Buffer => Buffer.concat(values.map((value) => packed(value)));
  socket.write(
    Buffer.concat([
      Buffer.from([0x96]),
      texts(['PING', 'a-client']),
      raw(saltType, salt),
      texts([digest, '', '']),
    ]),
  );
  const pong = decode(await read(socket, 5000)) as [string, boolean, string, string, string];
  if (pong[0] !== 'PONG' || pong.length !== 5 || pong[3] === 'a-client')
    throw new StrictError(`the server said ${JSON.stringify(pong)}`);
  if (!pong[1]) throw new StrictError(`the server refused: ${pong[2]}`);
  if (pong[4] !== sha512(salt, pong[3], nonce, sharedKey))
    throw new StrictError('the digest of the server is wrong');
}
