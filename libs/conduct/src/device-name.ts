import { isDeviceName } from '#verdict';

const BYTES = 256;
const MOST_BYTES = 64;

const mayBegin = placesOf((character) => isDeviceName(character));
const mayFollow = placesOf((character) => isDeviceName(`a${character}`));

/** What `isDeviceName` says of a text, without making a string of it. */
export function isNameOfDevice(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start || end - start > MOST_BYTES || mayBegin[bytes[start]!] === 0) return false;
  for (let at = start + 1; at < end; at++) if (mayFollow[bytes[at]!] === 0) return false;
  return true;
}

function placesOf(may: (character: string) => boolean): Uint8Array {
  return Uint8Array.from({ length: BYTES }, (_, byte) => (may(String.fromCharCode(byte)) ? 1 : 0));
}
