/** So many bytes at most are handed to a thread at once. */
export const BLOCK_BYTES = 1024 ** 2;
/** One that is read, and one that waits: who reads never has to wait for who writes. */
const BLOCKS = 2;
const HEAD_BYTES = Int32Array.BYTES_PER_ELEMENT;

/** Memory that two threads share: one writes blocks of bytes, the other reads them in the same order. */
export class SharedBlocks {
  private written = 0;
  /** How many have been read, for both threads to see. */
  private readonly read: Int32Array;

  /** @param memory as the other thread has it */
  constructor(readonly memory = new SharedArrayBuffer(HEAD_BYTES + BLOCKS * BLOCK_BYTES)) {
    this.read = new Int32Array(memory, 0, 1);
  }

  get hasRoom(): boolean {
    return this.written - Atomics.load(this.read, 0) < BLOCKS;
  }

  /** Whether anything was ever written. */
  get isUsed(): boolean {
    return this.written > 0;
  }

  /** @param bytes at most BLOCK_BYTES; there must be room */
  write(bytes: Uint8Array): void {
    this.block(this.written++, bytes.length).set(bytes);
  }

  /** @param length of the block that is read next; @param take is given its bytes, which are another's afterwards */
  take(length: number, take: (bytes: Uint8Array) => void): void {
    take(this.block(Atomics.load(this.read, 0), length));
    Atomics.add(this.read, 0, 1);
  }

  private block(number: number, length: number): Buffer {
    return Buffer.from(this.memory, HEAD_BYTES + (number % BLOCKS) * BLOCK_BYTES, length);
  }
}
