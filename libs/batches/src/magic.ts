const MAGIC = {
  gzip: Buffer.from([0x1f, 0x8b, 0x08]),
  zstd: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
} as const;

/** Whether bytes begin as all that is compressed in this way does. */
export const beginsAs = (encoding: keyof typeof MAGIC, bytes: Buffer): boolean =>
  bytes.subarray(0, MAGIC[encoding].length).equals(MAGIC[encoding]);
