/** Bytes by source, with their sum. */
export class SourceBytes {
  private readonly bytes = new Map<string, number>();
  private sum = 0;
  private holders = 0;

  get total(): number {
    return this.sum;
  }

  /** How many sources have any. */
  get busy(): number {
    return this.holders;
  }

  of(source: string): number {
    return this.bytes.get(source) ?? 0;
  }

  /** @param bytes negative to take away */
  add(source: string, bytes: number): void {
    const before = this.of(source);
    this.bytes.set(source, before + bytes);
    this.sum += bytes;
    this.holders += Number(before + bytes > 0) - Number(before > 0);
  }

  addAll(other: SourceBytes): void {
    for (const [source, bytes] of other.bytes) this.add(source, bytes);
  }
}
