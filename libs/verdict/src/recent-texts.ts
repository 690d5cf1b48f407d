/** The text was not seen lately. */
export const NOT_RECENT = -1;

const SLOTS = 512;
/** A longer one is never remembered. */
const LONGEST = 128;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const NO_BYTES = new Uint8Array(0);

/**
 * Remembers a number for texts that come again and again, such as devices, so that most lines cost neither a string nor
 * a look into a map. Each text has one place and takes it from the one before: whatever is sent, it forgets, and never
 * grows.
 */
export class RecentTexts {
  private readonly texts: Uint8Array[] = new Array<Uint8Array>(SLOTS).fill(NO_BYTES);
  private readonly numbers = new Int32Array(SLOTS).fill(NOT_RECENT);

  /** @returns the number of `bytes[start, end)`, or NOT_RECENT */
  numberOf(bytes: Uint8Array, start: number, end: number): number {
    const slot = slotOf(bytes, start, end);
    const text = this.texts[slot]!;
    if (text.length !== end - start) return NOT_RECENT;
    for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return NOT_RECENT;
    return this.numbers[slot]!;
  }

  remember(bytes: Uint8Array, start: number, end: number, number: number): void {
    if (end - start > LONGEST) return;
    const slot = slotOf(bytes, start, end);
    this.texts[slot] = new Uint8Array(bytes.subarray(start, end));
    this.numbers[slot] = number;
  }
}

function slotOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME);
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}
