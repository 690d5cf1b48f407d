import type { Saved, SavedLists } from './tracker.js';

/** To be raised whenever a tracker saves something else than before, or hashes are of something else. */
const VERSION = 3;

/** A text of a megabyte and more is kept outside of the heap of V8, where it waits long for somebody to clear it away. */
const ENTRIES_OF_LINE = 200;
const LF = 0x0a;

/** What the lines that follow are. */
interface Head {
  readonly tracker: string;
  /** How many entries each of its lists has. */
  readonly lengths: readonly number[];
}

/**
 * The states of trackers as lines of JSON, with some entries of a list in each: so neither who writes nor who reads has
 * all of them as one text. Equal states are equal bytes.
 */
export function bytesOfStates(states: Iterable<readonly [tracker: string, lists: SavedLists]>): Buffer {
  const parts = [lineOf({ version: VERSION })];
  for (const [tracker, lists] of states) {
    parts.push(lineOf({ tracker, lengths: lists.map(({ length }) => length) }));
    for (const list of lists)
      for (let at = 0; at < list.length; at += ENTRIES_OF_LINE)
        parts.push(lineOf(list.slice(at, at + ENTRIES_OF_LINE)));
  }
  return Buffer.concat(parts);
}

/** @throws Error if what was saved is damaged or of another version */
export function statesIn(saved: Buffer): Map<string, SavedLists> {
  const lines = new SavedLines(saved);
  const { version } = lines.next() as { version: number };
  if (version !== VERSION)
    throw new Error(
      `a state of version ${version}, but this program reads version ${VERSION}: it was written by another release`,
    );
  const states = new Map<string, SavedLists>();
  while (!lines.areOver) {
    const { tracker, lengths } = lines.next() as unknown as Head;
    states.set(
      tracker,
      lengths.map((length) => lines.list(length)),
    );
  }
  return states;
}

const lineOf = (value: Saved): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);

/** Reads one line after the other. */
class SavedLines {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get areOver(): boolean {
    return this.at >= this.bytes.length;
  }

  next(): Saved {
    const end = this.bytes.indexOf(LF, this.at);
    if (end < 0) throw new Error(`a damaged state: no line ends after byte ${this.at}`);
    const value = JSON.parse(this.bytes.toString('utf8', this.at, end)) as Saved;
    this.at = end + 1;
    return value;
  }

  list(length: number): Saved[] {
    const list: Saved[] = [];
    while (list.length < length) list.push(...(this.next() as Saved[]));
    return list;
  }
}
