import type { Text } from '#access-log';
import type { JudgedWords } from './judged-words.js';
import { bytesOf, longestFirst, lower, pathEndsWith, placeOf, queryStart, startsWith } from './text-match.js';
import { WordSet } from './word-set.js';

/** Stands for whatever no document and no setting names. */
export const MASK = bytesOf('{}');

const SLASH = 0x2f;
const QUERY = 0x3f;
const AMPERSAND = 0x26;
const EQUALS = 0x3d;

/**
 * Takes out of a path what no document and no setting names: `/v2/4711/instances?name=jane&timeout=5` becomes
 * `/v2/{}/instances?timeout`. Whatever is asked of a path has the same answer before and after.
 */
export class PathReducer {
  private readonly segments: WordSet;
  private readonly starts: readonly Uint8Array[];
  private readonly ends: readonly Uint8Array[];
  private readonly parameters: WordSet;
  private readonly depth: number;
  private bytes = new Uint8Array(1024);
  private length = 0;

  constructor({ segments, pathStarts, pathEnds, parameters, depth }: JudgedWords) {
    this.segments = new WordSet(segments);
    this.starts = longestFirst(pathStarts);
    this.ends = longestFirst(pathEnds);
    this.parameters = new WordSet(parameters);
    this.depth = depth;
  }

  /** @param device where a segment begins that is the id of a device and stays; negative without one */
  reduce(path: Text, device: number): void {
    const { bytes, start } = path;
    const end = queryStart(path);
    const keptTo = start + (this.starts.find((some) => startsWith(path, some))?.length ?? 0);
    const keptFrom = end - (this.ends.find((some) => pathEndsWith(path, some))?.length ?? 0);
    this.begin(3 * (path.end - start) + 2 * MASK.length);
    let at = start;
    for (let depth = 0; ; depth++) {
      const segmentEnd = placeOf(SLASH, bytes, at, end);
      if (at === device || this.segments.has(bytes, at, segmentEnd)) this.copy(bytes, at, segmentEnd);
      else this.segment(bytes, at, segmentEnd, keptTo, keptFrom);
      at = segmentEnd;
      if (at === end) break;
      if (depth === this.depth) {
        this.beyond(bytes, at, end, keptFrom);
        break;
      }
      this.copy(bytes, at, ++at);
    }
    if (end < path.end) this.query(path, end);
    path.set(this.bytes, 0, this.length);
  }

  /** Keeps of a segment the part that a beginning or an end covers. */
  private segment(bytes: Uint8Array, start: number, end: number, keptTo: number, keptFrom: number): void {
    const masked = Math.min(Math.max(start, keptTo), end);
    const kept = Math.max(masked, Math.min(end, keptFrom));
    this.copy(bytes, start, masked);
    if (kept > masked) this.copy(MASK, 0, MASK.length);
    this.copy(bytes, kept, end);
  }

  /** What is deeper than any template counts as one segment, but for an end that is asked for. */
  private beyond(bytes: Uint8Array, start: number, end: number, keptFrom: number): void {
    if (keptFrom > start) {
      this.copy(bytes, start, start + 1);
      this.copy(MASK, 0, MASK.length);
    }
    this.copy(bytes, Math.max(start, keptFrom), end);
  }

  /** The names that are asked for, in lower case and without their values. */
  private query({ bytes, end }: Text, start: number): void {
    let separator = QUERY;
    for (let at = start + 1; at < end;) {
      const parameterEnd = placeOf(AMPERSAND, bytes, at, end);
      const nameEnd = placeOf(EQUALS, bytes, at, parameterEnd);
      const before = this.length;
      this.bytes[this.length++] = separator;
      for (let i = at; i < nameEnd; i++) this.bytes[this.length++] = lower(bytes[i]!);
      if (this.parameters.has(this.bytes, before + 1, this.length)) separator = AMPERSAND;
      else this.length = before;
      at = parameterEnd + 1;
    }
  }

  private begin(mostBytes: number): void {
    this.length = 0;
    if (this.bytes.length < mostBytes) this.bytes = new Uint8Array(2 * mostBytes);
  }

  private copy(bytes: Uint8Array, start: number, end: number): void {
    for (let i = start; i < end; i++) this.bytes[this.length++] = bytes[i]!;
  }
}
