import type { Saved } from '../tracker.js';

/**
 * A map that knows its least recently set entry. Steps come in the order of their ends, so that is the one whose time is
 * over first, and the one to forget where there are too many.
 */
export class Remembered<Key extends string | number, Value extends Saved> {
  private readonly entries: Map<Key, Value>;

  /** @param saved what {@link save} returned */
  constructor(
    private readonly most: number,
    saved: readonly Saved[] | undefined,
  ) {
    this.entries = new Map((saved ?? []) as unknown as [Key, Value][]);
  }

  get(key: Key): Value | undefined {
    return this.entries.get(key);
  }

  /** @returns the entry that had to be forgotten for it */
  set(key: Key, value: Value): [Key, Value] | undefined {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size <= this.most) return undefined;
    const oldest = this.oldest();
    this.entries.delete(oldest[0]);
    return oldest;
  }

  /** Of one that is not empty. */
  oldest(): [Key, Value] {
    return this.entries.entries().next().value!;
  }

  /** Changes the value of an entry that is there, which stays as old as it was. */
  replace(key: Key, value: Value): void {
    this.entries.set(key, value);
  }

  delete(key: Key): void {
    this.entries.delete(key);
  }

  /** Takes the oldest entries out for as long as they are over. */
  takeOver(isOver: (value: Value) => boolean): [Key, Value][] {
    const over: [Key, Value][] = [];
    for (const entry of this.entries) {
      if (!isOver(entry[1])) break;
      over.push(entry);
    }
    for (const [key] of over) this.entries.delete(key);
    return over;
  }

  /** The oldest first. */
  [Symbol.iterator](): IterableIterator<[Key, Value]> {
    return this.entries.entries();
  }

  save(): readonly Saved[] {
    return [...this.entries];
  }
}
