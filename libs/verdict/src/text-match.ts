import { Text } from '#access-log';

/** Comparisons of a piece of a line with known texts, without making strings of it. */

const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const TO_LOWER = 0x20;
const SLASH = 0x2f;
const QUERY = 0x3f;
const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const SEMICOLON = 0x3b;
const SPACE = 0x20;

/** ASCII and UTF-8 texts as bytes. */
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const lower = (byte: number): number => (byte >= UPPER_A && byte <= UPPER_Z ? byte | TO_LOWER : byte);

/** Whether `bytes[start, …)` begins with `text`; the caller has checked that it is long enough. */
function sameAt(bytes: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false;
  return true;
}

function sameAtIgnoringCase(bytes: Uint8Array, start: number, lowerCase: Uint8Array): boolean {
  for (let i = 0; i < lowerCase.length; i++) if (lower(bytes[start + i]!) !== lowerCase[i]) return false;
  return true;
}

export const equals = (text: Text, wanted: Uint8Array): boolean =>
  text.end - text.start === wanted.length && sameAt(text.bytes, text.start, wanted);

export const startsWith = (text: Text, prefix: Uint8Array): boolean =>
  text.end - text.start >= prefix.length && sameAt(text.bytes, text.start, prefix);

/** As `startsWith`, quicker where prefixes of one family are tried: they differ at their ends. */
export function startsWithPath({ bytes, start, end }: Text, prefix: Uint8Array): boolean {
  if (end - start < prefix.length) return false;
  for (let i = prefix.length - 1; i >= 0; i--) if (bytes[start + i] !== prefix[i]) return false;
  return true;
}

const startsWithIgnoringCase = (text: Text, lowerCase: Uint8Array): boolean =>
  text.end - text.start >= lowerCase.length && sameAtIgnoringCase(text.bytes, text.start, lowerCase);

/** Where a byte is in `bytes[start, end)`, or `end`. Not `indexOf`, which would go on to the end of the batch. */
export function placeOf(byte: number, bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) if (bytes[i] === byte) return i;
  return end;
}

/** The offset at which the query of a path begins (at its `?`), or the end of the path. */
export const queryStart = ({ bytes, start, end }: Text): number => placeOf(QUERY, bytes, start, end);

/** The end of a path without its query and one trailing slash. @param from the query does not begin before */
export function pathEnd({ bytes, start, end }: Text, from = start): number {
  const stop = placeOf(QUERY, bytes, from, end);
  return stop > start && bytes[stop - 1] === SLASH ? stop - 1 : stop;
}

/** A path without its query. */
export function pathOf(path: Text): Text {
  const bare = new Text();
  bare.set(path.bytes, path.start, queryStart(path));
  return bare;
}

/** Whether the path without its query ends with a text. */
export function pathEndsWith(path: Text, suffix: Uint8Array): boolean {
  const start = queryStart(path) - suffix.length;
  return start >= path.start && sameAt(path.bytes, start, suffix);
}

/** Whether the query names one of these parameters, whatever its value. @param names in lower case */
export function hasQueryParameter(path: Text, names: readonly Uint8Array[]): boolean {
  const { bytes, end } = path;
  for (let at = queryStart(path) + 1; at < end; at = placeOf(AMPERSAND, bytes, at, end) + 1)
    for (const name of names) {
      const after = at + name.length;
      const ends = after === end || (after < end && (bytes[after] === EQUALS || bytes[after] === AMPERSAND));
      if (ends && sameAtIgnoringCase(bytes, at, name)) return true;
    }
  return false;
}

/** RFC 9110, section 8.3.1: media types ignore case, parameters follow a semicolon. */
export function isMediaType(type: Text, lowerCase: Uint8Array): boolean {
  if (!startsWithIgnoringCase(type, lowerCase)) return false;
  const next = type.start + lowerCase.length;
  return next === type.end || type.bytes[next] === SEMICOLON || type.bytes[next] === SPACE;
}

/** Texts as bytes, so that the first that fits is the one that fits best. */
export const longestFirst = (texts: Iterable<string>): Uint8Array[] =>
  [...texts].map(bytesOf).sort((a, b) => b.length - a.length);

/** Whether the path has the shape of a template: its segments as bytes, `null` for a free one. */
export function hasShape(path: Text, template: readonly (Uint8Array | null)[]): boolean {
  const { bytes } = path;
  const end = pathEnd(path);
  let at = path.start;
  for (const literal of template) {
    if (at >= end || bytes[at] !== SLASH) return false;
    at++;
    const segmentEnd = placeOf(SLASH, bytes, at, end);
    if (literal === null ? segmentEnd === at : !sameBytes(bytes, at, segmentEnd, literal)) return false;
    at = segmentEnd;
  }
  return at === end;
}

/** Whether `bytes[start, end)` is a text. */
export const sameBytes = (bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean =>
  end - start === text.length && sameAt(bytes, start, text);

/** Whether a host, without its port, is the name, or, for a pattern that starts with a dot, ends with it. */
export function isHost(host: Text, pattern: Uint8Array): boolean {
  const end = hostEnd(host);
  const length = end - host.start;
  if (pattern[0] === 0x2e)
    return length > pattern.length && sameAtIgnoringCase(host.bytes, end - pattern.length, pattern);
  return length === pattern.length && sameAtIgnoringCase(host.bytes, host.start, pattern);
}

/** A port is digits behind the last colon; the colons of an IPv6 address stand in brackets. */
function hostEnd({ bytes, start, end }: Text): number {
  let at = end - 1;
  while (at > start && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at--;
  return at < end - 1 && bytes[at] === 0x3a ? at : end;
}
