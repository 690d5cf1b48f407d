const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const NOWHERE = -1;

/**
 * Finds members of a JSON object by their keys and tells where their values lie, without reading the values: what is
 * nested is only passed over. Of a key that comes twice the last counts, as with JSON.parse. One reader is for many
 * objects, one after the other.
 */
export class JsonMembers {
  private readonly keys: readonly Buffer[];
  private readonly starts: number[];
  private readonly ends: number[];

  /** @param keys plain ASCII, of which {@link has}, {@link start} and {@link end} take the place */
  constructor(keys: readonly string[]) {
    this.keys = keys.map((key) => Buffer.from(key));
    this.starts = keys.map(() => NOWHERE);
    this.ends = keys.map(() => NOWHERE);
  }

  has(place: number): boolean {
    return this.starts[place] !== NOWHERE;
  }

  /** Where the value of a key begins. */
  start(place: number): number {
    return this.starts[place]!;
  }

  /** Where it ends. */
  end(place: number): number {
    return this.ends[place]!;
  }

  /**
   * @param start where the object begins, at its brace
   * @param limit where it ends at the latest
   * @returns where it ends, or -1 if it is no whole object
   */
  read(bytes: Uint8Array, start: number, limit: number): number {
    this.starts.fill(NOWHERE);
    if (bytes[start] !== OPEN_BRACE) return NOWHERE;
    let at = skipBlanks(bytes, start + 1, limit);
    if (at < limit && bytes[at] === CLOSE_BRACE) return at + 1;
    for (;;) {
      at = this.readMember(bytes, at, limit);
      if (at === NOWHERE) return NOWHERE;
      at = skipBlanks(bytes, at, limit);
      if (at >= limit) return NOWHERE;
      if (bytes[at] === CLOSE_BRACE) return at + 1;
      if (bytes[at] !== COMMA) return NOWHERE;
      at = skipBlanks(bytes, at + 1, limit);
    }
  }

  /** @returns where the member ends, or -1 */
  private readMember(bytes: Uint8Array, start: number, limit: number): number {
    if (start >= limit || bytes[start] !== QUOTE) return NOWHERE;
    const keyEnd = stringEnd(bytes, start, limit);
    if (keyEnd === NOWHERE) return NOWHERE;
    const colon = skipBlanks(bytes, keyEnd, limit);
    if (colon >= limit || bytes[colon] !== COLON) return NOWHERE;
    const value = skipBlanks(bytes, colon + 1, limit);
    const end = valueEnd(bytes, value, limit);
    const place = end === NOWHERE ? NOWHERE : this.placeOf(bytes, start + 1, keyEnd - 1);
    if (place !== NOWHERE) {
      this.starts[place] = value;
      this.ends[place] = end;
    }
    return end;
  }

  private placeOf(bytes: Uint8Array, start: number, end: number): number {
    for (let place = 0; place < this.keys.length; place++)
      if (isKey(this.keys[place]!, bytes, start, end)) return place;
    return NOWHERE;
  }
}

function isKey(key: Buffer, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== key.length) return false;
  for (let i = 0; i < key.length; i++) if (bytes[start + i] !== key[i]) return false;
  return true;
}

/** Where a value ends; nested ones by the balance of their brackets. */
function valueEnd(bytes: Uint8Array, start: number, limit: number): number {
  if (start >= limit) return NOWHERE;
  const first = bytes[start]!;
  if (first === QUOTE) return stringEnd(bytes, start, limit);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return nestedEnd(bytes, start, limit);
  let at = start;
  while (at < limit && !endsWord(bytes[at]!)) at++;
  return at === start ? NOWHERE : at;
}

function nestedEnd(bytes: Uint8Array, start: number, limit: number): number {
  let depth = 0;
  for (let at = start; at < limit; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      const end = stringEnd(bytes, at, limit);
      if (end === NOWHERE) return NOWHERE;
      at = end - 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at + 1;
  }
  return NOWHERE;
}

/** Where a string ends, behind its quote. */
function stringEnd(bytes: Uint8Array, start: number, limit: number): number {
  for (let at = start + 1; at < limit; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
  }
  return NOWHERE;
}

const endsWord = (byte: number): boolean =>
  byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte === QUOTE || isJsonBlank(byte);

/** Space, tab, line feed, carriage return. */
export const isJsonBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

function skipBlanks(bytes: Uint8Array, start: number, limit: number): number {
  let at = start;
  while (at < limit && isJsonBlank(bytes[at])) at++;
  return at;
}
