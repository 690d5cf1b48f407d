import { isJsonBlank, type JsonMembers } from './json-members.js';

const LF = 0x0a;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Takes one object, `bytes[start, end)`, of which the members have just been read; or, if it is not whole, what stands
 * in its place.
 */
export type OnObject = (start: number, end: number, isObject: boolean) => void;

/**
 * Splits objects that stand one behind the other, in lines or in a list. One that is broken ends with its line, so
 * that it does not take its neighbours with it; from there on each is looked for within one line, which keeps the time
 * in proportion to the bytes.
 */
export function eachJsonObject(bytes: Uint8Array, members: JsonMembers, take: OnObject): void {
  let isBroken = false;
  for (let at = skipSeparators(bytes, 0); at < bytes.length; at = skipSeparators(bytes, at)) {
    const limit = isBroken ? lineEnd(bytes, at) : bytes.length;
    const end = members.read(bytes, at, limit);
    isBroken ||= end < 0;
    const next = end < 0 ? lineEnd(bytes, at) : end;
    take(at, next, end >= 0);
    at = next;
  }
}

function lineEnd(bytes: Uint8Array, start: number): number {
  const at = bytes.indexOf(LF, start);
  return at < 0 ? bytes.length : at;
}

function skipSeparators(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && isSeparator(bytes[at]!)) at++;
  return at;
}

const isSeparator = (byte: number): boolean =>
  byte === COMMA || byte === OPEN_BRACKET || byte === CLOSE_BRACKET || isJsonBlank(byte);
