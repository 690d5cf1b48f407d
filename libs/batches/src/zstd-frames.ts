/** What decoders of HTTP must be able to hold and senders must not exceed (RFC 9659). */
export const LARGEST_ZSTD_WINDOW = 8 * 1024 * 1024;

/**
 * What a zstd frame asks of a decoder, read from its headers alone (RFC 8878): a few bytes may declare a window of
 * gigabytes, which a decoder allocates before it has seen any content.
 */
export interface ZstdFrame {
  /** The frame, declaring no larger a window than its blocks can fill: many small ones declare megabytes each. */
  readonly bytes: Buffer;
  /** Bytes that a decoder keeps. */
  readonly window: number;
}

/** The payload is not what RFC 8878 describes, or is cut. */
export class BrokenZstd extends Error {}

/** Where the parts of a frame begin, and the window that it declares. */
interface FrameHeader {
  readonly start: number;
  /** Of the byte that declares the window; undefined where the size of the content declares it. */
  readonly descriptorAt: number | undefined;
  readonly blocksAt: number;
  readonly window: number;
  readonly checksumBytes: number;
}

const MAGIC = 0xfd2fb528;
/** Magic numbers of skippable frames differ in their last four bits. */
const SKIPPABLE = 0x184d2a50;
const LARGEST_BLOCK = 128 * 1024;
const SMALLEST_WINDOW = 1024;
const FRAME_SIZE_BYTES = [0, 2, 4, 8];
const DICTIONARY_BYTES = [0, 1, 2, 4];
const [RLE, COMPRESSED, RESERVED] = [1, 2, 3];

/**
 * @param isHead whether the payload may end anywhere, since it is only the beginning of one
 * @throws BrokenZstd
 */
export function* zstdFrames(payload: Buffer, { isHead = false } = {}): Generator<ZstdFrame> {
  for (let at = 0; at < payload.length;) {
    const magic = read(payload, at, 4);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      at += 8 + read(payload, at + 4, 4);
      continue;
    }
    if (magic !== MAGIC) throw new BrokenZstd('invalid zstd data');
    const header = headerAt(payload, at);
    const { end, content } = walkBlocks(payload, header, isHead);
    // the size of the content is taken at its word, as decoders do
    const isFixed = header.descriptorAt === undefined;
    const window = isFixed ? header.window : Math.min(header.window, content);
    yield { bytes: withWindow(payload.subarray(at, end), header, window), window };
    at = end;
  }
}

function headerAt(payload: Buffer, start: number): FrameHeader {
  const flags = read(payload, start + 4, 1);
  const isSingleSegment = (flags & 0x20) !== 0;
  const sizeBytes = FRAME_SIZE_BYTES[flags >> 6]! || Number(isSingleSegment);
  const sizeAt = start + 6 - Number(isSingleSegment) + DICTIONARY_BYTES[flags & 3]!;
  return {
    start,
    descriptorAt: isSingleSegment ? undefined : start + 5,
    blocksAt: sizeAt + sizeBytes,
    window: isSingleSegment
      ? read(payload, sizeAt, sizeBytes) + (sizeBytes === 2 ? 256 : 0)
      : windowOf(read(payload, start + 5, 1)),
    checksumBytes: (flags & 4) === 0 ? 0 : 4,
  };
}

/** Goes from block to block without decoding any. `content` is the most that they can hold. */
function walkBlocks(payload: Buffer, { blocksAt, checksumBytes }: FrameHeader, isHead: boolean) {
  let content = 0;
  for (let at = blocksAt; ;) {
    if (isHead && at + 3 > payload.length) return { end: payload.length, content };
    const header = read(payload, at, 3);
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === RESERVED) throw new BrokenZstd('invalid block type');
    content += type === COMPRESSED ? LARGEST_BLOCK : size;
    at += 3 + (type === RLE ? 1 : size);
    if ((header & 1) !== 0) return { end: at + checksumBytes, content };
  }
}

function withWindow(bytes: Buffer, { start, descriptorAt }: FrameHeader, window: number): Buffer {
  if (descriptorAt === undefined) return bytes;
  const descriptor = descriptorFor(window);
  if (descriptor >= bytes[descriptorAt - start]!) return bytes;
  const smaller = Buffer.from(bytes);
  smaller[descriptorAt - start] = descriptor;
  return smaller;
}

/** Of a Window_Descriptor: five bits of exponent, three of mantissa. */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** The smallest Window_Descriptor that covers so many bytes. */
const descriptorFor = (bytes: number): number =>
  Math.max(0, Math.ceil(Math.log2(Math.max(bytes, SMALLEST_WINDOW))) - 10) << 3;

/** Little-endian; sizes of eight bytes lose digits beyond 2^53, far beyond any bound. */
function read(payload: Buffer, at: number, bytes: number): number {
  if (at + bytes > payload.length) throw new BrokenZstd('unexpected EOF');
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + payload[at + i]!;
  return value;
}
