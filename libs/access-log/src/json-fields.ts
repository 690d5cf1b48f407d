import * as bytesOf from './ascii.js';
import { DecodedTexts } from './decoded-texts.js';
import type { Fields } from './fields.js';
import { decodeJsonString, jsonStringEnd, plainEnd } from './json-string.js';
import { MISSING, NESTED, STRING, wordEnd, wordKind } from './json-word.js';
import { KeyGuess } from './key-guess.js';
import { KeyTree } from './key-tree.js';
import type { Text } from './request.js';

const {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  CR,
  LF,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
  TAB,
} = bytesOf; // V8 folds a module's own constants, not imported ones

/** How a walk ended. */
export const COMPLETE = 0;
/** The object does not end before the given end. */
export const INCOMPLETE = 1;
export const MALFORMED = 2;

/** Deeper objects are hostile, not logs. */
const MAX_DEPTH = 64;
/** Guesses made in the life of a walk; where objects differ all the time, guessing stops. */
const MAX_GUESSES = 256;
/** Returned in place of an offset; how and where the walk stopped is in its fields. */
const STOPPED = -1;
const NOTHING = KeyTree.of([]);

/**
 * A walk over the bytes of one JSON object that takes the wanted values and skips the others, without recursion and
 * without a string or an object per value. It accepts all JSON and a little more (`-` as a number, any escape), since
 * log formats are written by hand; a line break inside a string is never accepted.
 */
export class JsonFields implements Fields {
  /** How the last walk ended. */
  status = MALFORMED;
  /** The offset after the object, if it is complete; else where the walk stopped. */
  end = 0;
  /** The first line break between the tokens of the object, or -1. */
  lineBreak = -1;

  private readonly root: KeyTree;
  private readonly kinds: Uint8Array;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly escapes: Uint8Array;
  /** What the last walk went over. */
  bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** What is wanted of the value that comes next. */
  private wanted: KeyTree | undefined;
  /** Keys in the order of an earlier object: the objects of a log are alike. */
  private readonly guesses: KeyGuess[] = [];
  private guessesLeft = MAX_GUESSES;
  /** Whether the string read last holds a backslash. */
  private escaped = false;

  private readonly openTrees: KeyTree[] = new Array<KeyTree>(MAX_DEPTH).fill(NOTHING);
  private readonly openStarts = new Int32Array(MAX_DEPTH);
  private readonly openPlaces = new Int32Array(MAX_DEPTH);
  private readonly decoded = new DecodedTexts();

  /** @param paths keys from the outside in; the slot of a value is the place of its path in this list */
  constructor(paths: readonly (readonly string[])[]) {
    this.root = KeyTree.of(paths);
    this.kinds = new Uint8Array(paths.length + 1);
    this.starts = new Int32Array(paths.length);
    this.ends = new Int32Array(paths.length);
    this.escapes = new Uint8Array(paths.length);
  }

  /** Fields of an object that is not nested. @param slots the slot of each key: 0, 1, 2 … in this order */
  static ofKeys(slots: Readonly<Record<string, number>>): JsonFields {
    return new JsonFields(Object.keys(slots).map((key) => [key]));
  }

  kind(slot: number): number {
    return this.kinds[slot]!;
  }

  start(slot: number): number {
    return this.starts[slot]!;
  }

  endOf(slot: number): number {
    return this.ends[slot]!;
  }

  hasEscapes(slot: number): boolean {
    return this.escapes[slot] === 1;
  }

  toText(slot: number, text: Text): void {
    const start = this.starts[slot]!;
    const end = this.ends[slot]!;
    if (this.escapes[slot] === 0) {
      text.set(this.bytes, start, end);
      return;
    }
    this.decoded.decode(this.bytes, start, end, text);
  }

  /** Walks the object that starts at `start`, blanks before it allowed. */
  walk(bytes: Uint8Array, start: number, end: number): number {
    this.kinds.fill(MISSING);
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.lineBreak = -1;
    this.decoded.reset();
    const after = this.walkObject(bytes, this.skipBlanks(bytes, start, end), end);
    if (after >= 0) {
      this.end = after;
      this.status = COMPLETE;
    }
    return this.status;
  }

  /** @returns the offset after the object, or STOPPED */
  private walkObject(bytes: Uint8Array, start: number, end: number): number {
    if (start >= end) return this.stop(start, INCOMPLETE);
    if (bytes[start] !== OPEN_BRACE) return this.stop(start, MALFORMED);
    let tree = this.root;
    let closer = CLOSE_BRACE;
    let depth = 0;
    let member = 0;
    let i = this.skipBlanks(bytes, start + 1, end);
    if (i < end && bytes[i] === CLOSE_BRACE) return i + 1;

    for (;;) {
      if (closer === CLOSE_BRACKET) this.wanted = tree.item(this.openPlaces[depth]!++);
      else {
        i = depth === 0 ? this.readRootKey(bytes, i, end, member++) : this.readKey(bytes, i, end, tree);
        if (i < 0) return STOPPED;
      }
      if (i >= end) return this.stop(i, INCOMPLETE);
      const first = bytes[i]!;
      if (first === QUOTE) i = this.readString(bytes, i + 1, end);
      else if (first !== OPEN_BRACE && first !== OPEN_BRACKET) i = this.readWord(bytes, i, end);
      else {
        if (++depth === MAX_DEPTH) return this.stop(i, MALFORMED);
        tree = this.wanted ?? NOTHING;
        closer = first + 2; // `{` and `}`, `[` and `]` are two apart
        this.open(depth, tree, i);
        i = this.skipBlanks(bytes, i + 1, end);
        if (i >= end) return this.stop(i, INCOMPLETE);
        if (bytes[i] !== closer) continue;
      }
      if (i < 0) return STOPPED;

      for (;;) {
        i = this.skipBlanks(bytes, i, end);
        if (i >= end) return this.stop(i, INCOMPLETE);
        const next = bytes[i++]!;
        if (next === COMMA) break;
        if (next !== closer) return this.stop(i - 1, MALFORMED);
        if (depth === 0) return i;
        this.close(depth--, tree, i);
        tree = depth === 0 ? this.root : this.openTrees[depth]!;
        closer = depth === 0 || bytes[this.openStarts[depth]!] === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
      }
      i = this.skipBlanks(bytes, i, end);
    }
  }

  private open(depth: number, tree: KeyTree, at: number): void {
    if (tree.wantsInside) this.forget(tree.slotsInside);
    this.openTrees[depth] = tree;
    this.openStarts[depth] = at;
    this.openPlaces[depth] = 0;
  }

  private close(depth: number, tree: KeyTree, end: number): void {
    if (tree.slot < 0) return;
    this.escaped = false;
    this.keep(tree.slot, NESTED, this.openStarts[depth]!, end);
  }

  /** Reads a key of the outermost object, by the guess that it is the key that stood there before. */
  private readRootKey(bytes: Uint8Array, start: number, end: number, member: number): number {
    if (member < this.guesses.length) {
      const guess = this.guesses[member]!;
      if (guess.matches(this.view, start, end)) {
        this.wanted = guess.wanted;
        return this.skipBlanks(bytes, start + guess.length, end);
      }
    }
    const value = this.readKey(bytes, start, end, this.root);
    const isPlain = value - start >= 4 && this.lineBreak < start;
    if (isPlain && this.guessesLeft > 0 && member <= this.guesses.length) {
      this.guessesLeft--;
      this.guesses[member] = new KeyGuess(bytes, start, value, this.wanted);
    }
    return value;
  }

  /** Looks the key up, leaves in `wanted` what is wanted of it; returns where its value starts. */
  private readKey(bytes: Uint8Array, start: number, end: number, tree: KeyTree): number {
    if (start >= end) return this.stop(start, INCOMPLETE);
    if (bytes[start] !== QUOTE) return this.stop(start, MALFORMED);
    const keyEnd = this.stringEnd(bytes, start + 1, end);
    if (keyEnd >= end) return this.stop(keyEnd, INCOMPLETE);
    if (bytes[keyEnd] !== QUOTE) return this.stop(keyEnd, MALFORMED);
    this.wanted = this.escaped
      ? this.escapedMember(tree, start + 1, keyEnd)
      : tree.member(bytes, start + 1, keyEnd);
    const colon = this.skipBlanks(bytes, keyEnd + 1, end);
    if (colon >= end) return this.stop(colon, INCOMPLETE);
    if (bytes[colon] !== COLON) return this.stop(colon, MALFORMED);
    return this.skipBlanks(bytes, colon + 1, end);
  }

  private readString(bytes: Uint8Array, start: number, end: number): number {
    const stringEnd = this.stringEnd(bytes, start, end);
    if (stringEnd >= end) return this.stop(stringEnd, INCOMPLETE);
    if (bytes[stringEnd] !== QUOTE) return this.stop(stringEnd, MALFORMED);
    if (this.wanted !== undefined) this.keepScalar(this.wanted, STRING, start, stringEnd);
    return stringEnd + 1;
  }

  /** Reads a number, `true`, `false` or `null`. */
  private readWord(bytes: Uint8Array, start: number, end: number): number {
    const stop = wordEnd(bytes, start, end);
    if (stop >= end) return this.stop(stop, INCOMPLETE);
    const kind = wordKind(bytes, start, stop);
    if (kind === MISSING) return this.stop(start, MALFORMED);
    this.escaped = false;
    if (this.wanted !== undefined) this.keepScalar(this.wanted, kind, start, stop);
    return stop;
  }

  private stop(at: number, status: number): number {
    this.end = at;
    this.status = status;
    return STOPPED;
  }

  private keepScalar(tree: KeyTree, kind: number, start: number, end: number): void {
    if (tree.wantsInside) this.forget(tree.slotsInside);
    if (tree.slot >= 0) this.keep(tree.slot, kind, start, end);
  }

  private keep(slot: number, kind: number, start: number, end: number): void {
    this.kinds[slot] = kind;
    this.starts[slot] = start;
    this.ends[slot] = end;
    this.escapes[slot] = this.escaped ? 1 : 0;
  }

  private forget(slots: readonly number[]): void {
    for (const slot of slots) this.kinds[slot] = MISSING;
  }

  /** As {@link jsonStringEnd}; notes whether the string holds a backslash. */
  private stringEnd(bytes: Uint8Array, start: number, end: number): number {
    const i = plainEnd(bytes, start, end);
    this.escaped = i < end && bytes[i] === BACKSLASH;
    return this.escaped ? jsonStringEnd(bytes, i, end) : i;
  }

  private skipBlanks(bytes: Uint8Array, start: number, end: number): number {
    if (start < end && bytes[start]! > SPACE) return start;
    let i = start;
    for (; i < end; i++) {
      const byte = bytes[i];
      if (byte === LF) {
        if (this.lineBreak < 0) this.lineBreak = i;
      } else if (byte !== SPACE && byte !== TAB && byte !== CR) break;
    }
    return i;
  }

  private escapedMember(tree: KeyTree, start: number, end: number): KeyTree | undefined {
    const key = new Uint8Array(end - start);
    return tree.member(key, 0, decodeJsonString(this.bytes, start, end, key, 0));
  }
}
