/** The bytes are not what snappy writes. */
export class BrokenSnappy extends Error {}

const LITERAL = 0;
const SHORT_COPY = 1;
/** Literals of more bytes have their length behind the tag. */
const LONGEST_IN_TAG = 60;
/** Bytes of the offset of a copy, by its kind. */
const OFFSET_BYTES = [0, 1, 2, 4] as const;

/**
 * The bytes that a block of snappy stands for: https://github.com/google/snappy/blob/main/format_description.txt. Each
 * element takes at least two bytes of the block and its result must have room, so time is bounded by both. Our own:
 * snappyjs 0.7.0 takes the length of a literal for a signed number, and three bytes keep it busy for ever.
 * @param limit bytes of the result @throws BrokenSnappy
 */
export function unsnapBlock(block: Buffer, limit: number): Buffer {
  const { length, next } = claimedLength(block);
  if (length > limit) throw new BrokenSnappy(`it claims ${length} bytes`);
  const out = Buffer.allocUnsafe(length);
  let filled = 0;
  for (let at = next; at < block.length;) {
    const tag = block[at++]!;
    const kind = tag & 3;
    const extra = kind === LITERAL ? Math.max(0, (tag >>> 2) + 1 - LONGEST_IN_TAG) : OFFSET_BYTES[kind]!;
    if (at + extra > block.length) throw new BrokenSnappy('it ends within an element');
    const behind = extra === 0 ? 0 : block.readUIntLE(at, extra);
    at += extra;
    if (kind === LITERAL) {
      const bytes = extra === 0 ? (tag >>> 2) + 1 : behind + 1;
      mustFit(bytes, Math.min(block.length - at, length - filled));
      block.copy(out, filled, at, at + bytes);
      at += bytes;
      filled += bytes;
    } else {
      const bytes = kind === SHORT_COPY ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
      const offset = kind === SHORT_COPY ? ((tag >>> 5) << 8) | behind : behind;
      if (offset === 0) throw new BrokenSnappy('a copy has no offset');
      mustFit(offset, filled);
      mustFit(bytes, length - filled);
      copyWithin(out, filled, offset, bytes);
      filled += bytes;
    }
  }
  if (filled !== length) throw new BrokenSnappy(`it claims ${length} bytes and has ${filled}`);
  return out;
}

/** The varint that a block begins with: five bytes of seven bits, the low ones first. */
export function claimedLength(block: Buffer): { readonly length: number; readonly next: number } {
  let length = 0;
  for (let i = 0; i < 5 && i < block.length; i++) {
    length += (block[i]! & 0x7f) * 2 ** (7 * i);
    if (block[i]! < 0x80) return { length, next: i + 1 };
  }
  throw new BrokenSnappy('it does not begin with its length');
}

/** A copy may reach into what it writes, which repeats it. */
function copyWithin(out: Buffer, at: number, offset: number, bytes: number): void {
  if (offset >= bytes) out.copyWithin(at, at - offset, at - offset + bytes);
  else for (let i = at; i < at + bytes; i++) out[i] = out[i - offset]!;
}

function mustFit(bytes: number, room: number): void {
  if (bytes > room) throw new BrokenSnappy('an element reaches beyond what is there');
}
