import {
  Unreadable,
  beginsAs,
  inflate,
  type BatchEncoding,
  type BatchFormat,
  type SentEncoding,
} from '#batches';
import type { Hold } from './inflight.js';
import { Refused } from './refusal.js';

/** A request body as it was sent. */
export interface SentBody {
  readonly bytes: Buffer;
  readonly encoding: SentEncoding;
  /** Events that a protocol told apart: one that is binary is rejected alone, and must not have the others refused. */
  readonly areEvents?: true;
}

/** A request body as it goes into the queue. */
export interface Body {
  readonly bytes: Buffer;
  readonly encoding: BatchEncoding;
  readonly format: BatchFormat;
}

const ZLIB_METHOD = 0x08;

/**
 * Tells how a body is encoded, without reading the log in it.
 * @throws Refused
 */
export function readBody(bytes: Buffer, contentEncoding: string | undefined): SentBody {
  const declared = (contentEncoding ?? 'identity').trim().toLowerCase();
  if (bytes.length === 0) throw new Refused('empty_body');
  switch (declared) {
    case 'identity':
    case '':
      return undeclared(bytes);
    case 'gzip':
    case 'x-gzip':
      return compressed(bytes, 'gzip');
    case 'zstd':
      return compressed(bytes, 'zstd');
    case 'deflate':
      return { bytes, encoding: isZlib(bytes) ? 'deflate' : 'deflate-raw' };
    case 'snappy':
    case 'x-snappy-framed':
      return { bytes, encoding: 'snappy' };
    default:
      throw new Refused('unsupported_encoding', `It was "${declared.slice(0, 40)}".`);
  }
}

/**
 * A body as it came. gzip and zstd pass through as they are: the worker inflates them. deflate and snappy are inflated
 * here, within bounds, since two encodings go by each of these names.
 * @param inflatedLimit bytes
 * @throws Refused
 */
export async function passedThrough(sent: SentBody, inflatedLimit: number, hold: Hold): Promise<Body> {
  const { bytes, encoding } = sent;
  if (encoding === 'gzip' || encoding === 'zstd') return { bytes, encoding, format: 'detect' };
  const plain = await inflated(sent, inflatedLimit, hold);
  if (!sent.areEvents) mustBeLog(plain);
  return { bytes: plain, encoding: 'identity', format: 'detect' };
}

/**
 * The bytes of a body after decompression. Held are the body as sent, its pieces, and what they are joined to.
 * @param limit bytes @throws Refused
 */
export async function inflated({ bytes, encoding }: SentBody, limit: number, hold: Hold): Promise<Buffer> {
  if (encoding === 'identity') return bytes;
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    await inflate(bytes, encoding, limit, (piece) => {
      pieces.push(piece);
      length += piece.length;
      hold.growTo(bytes.length + 2 * length);
    });
  } catch (error) {
    throw error instanceof Unreadable ? refusalOfUnreadable(error) : error;
  }
  return Buffer.concat(pieces, length);
}

/** `curl --data-binary @access.log.gz` declares nothing, but the first bytes tell. */
function undeclared(bytes: Buffer): SentBody {
  if (beginsAs('gzip', bytes)) return compressed(bytes, 'gzip');
  if (beginsAs('zstd', bytes)) return compressed(bytes, 'zstd');
  return { bytes, encoding: 'identity' };
}

function compressed(bytes: Buffer, encoding: 'gzip' | 'zstd'): SentBody {
  if (!beginsAs(encoding, bytes))
    throw new Refused('damaged_encoding', `It does not begin as ${encoding} does.`);
  return { bytes, encoding };
}

const LOOK_AHEAD = 1024;
const MOST_CONTROL_BYTES = 0.3;

/** Control characters that no log holds many of: all but tab, line feed and carriage return. */
const IS_CONTROL = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d),
);

/** @param start of a body @throws Refused if it is binary data */
export function mustBeLog(start: Uint8Array): void {
  const length = Math.min(start.length, LOOK_AHEAD);
  let controls = 0;
  for (let i = 0; i < length; i++) controls += IS_CONTROL[start[i]!]!;
  if (controls > length * MOST_CONTROL_BYTES) throw new Refused('not_a_log');
}

/** RFC 9110 means zlib by `deflate`; some senders leave its two-byte header out. */
const isZlib = (bytes: Buffer): boolean =>
  bytes.length > 1 && (bytes[0]! & 0x0f) === ZLIB_METHOD && bytes.readUInt16BE(0) % 31 === 0;

/** A body that can never be inflated is refused where its bytes are not kept. */
export const refusalOfUnreadable = ({ reason }: Unreadable): Refused =>
  reason === 'inflated_too_large' ? tooLargeInflated() : new Refused('damaged_encoding');

/** For a body of more than ingest.max_inflated. */
export const tooLargeInflated = (): Refused =>
  new Refused('too_large', 'It is too large after decompression.');
