import { inflateRawSync, inflateSync } from 'node:zlib';
import type { BatchEncoding, BatchFormat } from '#batches';
import { Refused } from './refusal.js';

/** A request body as it goes into the queue. */
export interface Body {
  readonly bytes: Buffer;
  readonly encoding: BatchEncoding;
  readonly format: BatchFormat;
}

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const ZLIB_METHOD = 0x08;

/**
 * Decides how a body is stored, without reading the log in it. gzip and zstd pass through as they are: the worker
 * inflates them. deflate is inflated here, within bounds, since two encodings go by that name.
 * @param inflatedLimit bytes
 * @throws Refused
 */
export function readBody(bytes: Buffer, contentEncoding: string | undefined, inflatedLimit: number): Body {
  const declared = (contentEncoding ?? 'identity').trim().toLowerCase();
  if (bytes.length === 0) throw new Refused('empty_body');
  switch (declared) {
    case 'identity':
    case '':
      return undeclared(bytes);
    case 'gzip':
    case 'x-gzip':
      return compressed(bytes, 'gzip', GZIP_MAGIC);
    case 'zstd':
      return compressed(bytes, 'zstd', ZSTD_MAGIC);
    case 'deflate':
      return plain(inflateDeflate(bytes, inflatedLimit));
    default:
      throw new Refused('unsupported_encoding', `It was "${declared.slice(0, 40)}".`);
  }
}

/** `curl --data-binary @access.log.gz` declares nothing, but the first bytes tell. */
function undeclared(bytes: Buffer): Body {
  if (startsWith(bytes, GZIP_MAGIC)) return compressed(bytes, 'gzip', GZIP_MAGIC);
  if (startsWith(bytes, ZSTD_MAGIC)) return compressed(bytes, 'zstd', ZSTD_MAGIC);
  return plain(bytes);
}

function compressed(bytes: Buffer, encoding: BatchEncoding, magic: Buffer): Body {
  if (!startsWith(bytes, magic))
    throw new Refused('damaged_encoding', `It does not begin as ${encoding} does.`);
  return { bytes, encoding, format: 'detect' };
}

const LOOK_AHEAD = 1024;
const MOST_CONTROL_BYTES = 0.3;

function plain(bytes: Buffer): Body {
  const beginning = bytes.subarray(0, LOOK_AHEAD);
  const controls = beginning.reduce((count, byte) => count + (isControl(byte) ? 1 : 0), 0);
  if (controls > beginning.length * MOST_CONTROL_BYTES) throw new Refused('not_a_log');
  return { bytes, encoding: 'identity', format: 'detect' };
}

/** Control characters that no log holds many of: all but tab, line feed and carriage return. */
const isControl = (byte: number): boolean => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;

/** RFC 9110 means zlib by `deflate`; some senders leave its two-byte header out. */
function inflateDeflate(bytes: Buffer, maxOutputLength: number): Buffer {
  const isZlib = bytes.length > 1 && (bytes[0]! & 0x0f) === ZLIB_METHOD && bytes.readUInt16BE(0) % 31 === 0;
  try {
    return (isZlib ? inflateSync : inflateRawSync)(bytes, { maxOutputLength });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw tooLarge
      ? new Refused('too_large', 'It is too large after decompression.')
      : new Refused('damaged_encoding');
  }
}

const startsWith = (bytes: Buffer, magic: Buffer): boolean => bytes.subarray(0, magic.length).equals(magic);
