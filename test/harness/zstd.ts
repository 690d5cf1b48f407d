/** Blocks of a zstd frame that need no compressor: bytes as they are, or one byte many times. */
export type ZstdBlock = Buffer | { readonly byte: string; readonly times: number };

const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/**
 * A zstd frame (RFC 8878).
 * @param windowLog the frame declares a window of 2 ** windowLog bytes, whatever it holds
 */
export function zstdFrame(blocks: readonly ZstdBlock[], windowLog: number): Buffer {
  const header = Buffer.from([0, (windowLog - 10) << 3]);
  const parts = blocks.flatMap((block, i) => {
    const isLast = Number(i === blocks.length - 1);
    return Buffer.isBuffer(block)
      ? [blockHeader(block.length, 0, isLast), block]
      : [blockHeader(block.times, 1, isLast), Buffer.from(block.byte)];
  });
  return Buffer.concat([MAGIC, header, ...parts]);
}

/** A frame that declares the size of its content, and so its window, in eight bytes. */
export const zstdOfDeclaredSize = (content: Buffer, declared: number): Buffer => {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(declared));
  return Buffer.concat([MAGIC, Buffer.from([0xe0]), size, blockHeader(content.length, 0, 1), content]);
};

function blockHeader(size: number, type: number, isLast: number): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE((size << 3) | (type << 1) | isLast, 0, 3);
  return header;
}
