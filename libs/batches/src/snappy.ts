import { BrokenSnappy, claimedLength, unsnapBlock } from './snappy-block.js';

/** A block that says itself that it is larger than allowed, and may be right. */
export class LargeSnappy extends Error {}

/** https://github.com/google/snappy/blob/main/framing_format.txt, 4.1 */
const STREAM_IDENTIFIER = Buffer.from('\xff\x06\x00\x00sNaPpY', 'latin1');
const COMPRESSED = 0x00;
const UNCOMPRESSED = 0x01;
const FIRST_SKIPPABLE = 0x80;
const HEADER_BYTES = 4;
/** Of what a chunk holds; how it came here is checked by TCP already. */
const CHECKSUM_BYTES = 4;
const LARGEST_CHUNK = 65_536;

/** Three bytes of snappy stand for 64 at most. A block that claims more would have memory allocated for nothing. */
const MOST_GROWTH = 22;

/**
 * Gives the bytes of a snappy block, or of a stream of framed ones: senders mean either by `snappy`.
 * @param limit bytes of the largest block @throws BrokenSnappy, LargeSnappy
 */
export function* unsnap(payload: Buffer, limit: number): Generator<Uint8Array> {
  if (payload.subarray(0, STREAM_IDENTIFIER.length).equals(STREAM_IDENTIFIER)) yield* unframed(payload);
  else {
    const most = MOST_GROWTH * payload.length;
    const { length } = claimedLength(payload);
    if (length > limit && length <= most) throw new LargeSnappy(`its block has ${length} bytes`);
    yield unsnapBlock(payload, Math.min(limit, most));
  }
}

function* unframed(payload: Buffer): Generator<Uint8Array> {
  for (let at = 0; at < payload.length;) {
    if (at + HEADER_BYTES > payload.length) throw new BrokenSnappy('it ends within the head of a chunk');
    const type = payload[at]!;
    const start = at + HEADER_BYTES;
    const end = start + payload.readUIntLE(at + 1, 3);
    if (end > payload.length) throw new BrokenSnappy('it ends within a chunk');
    if (type === COMPRESSED || type === UNCOMPRESSED) yield dataOf(payload.subarray(start, end), type);
    else if (type < FIRST_SKIPPABLE) throw new BrokenSnappy(`it has a chunk of the unknown type ${type}`);
    at = end;
  }
}

function dataOf(chunk: Buffer, type: typeof COMPRESSED | typeof UNCOMPRESSED): Uint8Array {
  if (chunk.length < CHECKSUM_BYTES) throw new BrokenSnappy('a chunk has no checksum');
  const data = chunk.subarray(CHECKSUM_BYTES);
  if (type === COMPRESSED) return unsnapBlock(data, LARGEST_CHUNK);
  if (data.length > LARGEST_CHUNK) throw new BrokenSnappy('a chunk is larger than 64 KiB');
  return data;
}
