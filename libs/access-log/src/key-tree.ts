/**
 * Wanted keys of JSON objects, nested as they are in the object. A key is looked up by its length and its bytes, so
 * that no string is made of it; a key that is a number is also a place in a list.
 */
export class KeyTree {
  /** Where the value goes; -1 where only values further inside are wanted. */
  slot = -1;
  /** Whether values further inside are wanted. */
  wantsInside = false;
  /** Every slot inside, for a key that comes twice: the second value replaces all of the first. */
  readonly slotsInside: number[] = [];
  private readonly byLength: KeyTree[][] = [];
  private readonly byPlace: KeyTree[] = [];

  private constructor(private readonly key: Uint8Array) {}

  /** The tree of these paths; the slot of a path is its place in the list. */
  static of(paths: readonly (readonly string[])[]): KeyTree {
    const root = new KeyTree(new Uint8Array(0));
    paths.forEach((path, slot) => root.add(path, slot));
    return root;
  }

  /** What is wanted of the member with the key `bytes[start, end)`. */
  member(bytes: Uint8Array, start: number, end: number): KeyTree | undefined {
    const length = end - start;
    if (length >= this.byLength.length) return undefined;
    const candidates = this.byLength[length]!;
    next: for (let c = 0; c < candidates.length; c++) {
      const { key } = candidates[c]!;
      for (let i = 0; i < length; i++) if (bytes[start + i] !== key[i]) continue next;
      return candidates[c];
    }
    return undefined;
  }

  /** What is wanted of the item at this place of a list. */
  item(place: number): KeyTree | undefined {
    return place < this.byPlace.length ? this.byPlace[place] : undefined;
  }

  private add(path: readonly string[], slot: number): void {
    if (path.length === 0) {
      if (this.slot >= 0) throw new Error('the same path twice');
      this.slot = slot;
      return;
    }
    this.slotsInside.push(slot);
    this.wantsInside = true;
    this.child(path[0]!).add(path.slice(1), slot);
  }

  private child(name: string): KeyTree {
    const key = Buffer.from(name);
    const known = this.member(key, 0, key.length);
    if (known) return known;
    const made = new KeyTree(key);
    while (this.byLength.length <= key.length) this.byLength.push([]);
    this.byLength[key.length]!.push(made);
    if (/^(0|[1-9]\d{0,2})$/.test(name)) this.byPlace[Number(name)] = made;
    return made;
  }
}
