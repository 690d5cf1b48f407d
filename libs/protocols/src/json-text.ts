const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
const REPLACEMENT = 0xfffd;
/** What a letter behind a backslash stands for; 0 if it stands for nothing. */
const SINGLE = new Uint8Array(256);
for (const char of '"\\/') SINGLE[char.charCodeAt(0)] = char.charCodeAt(0);
for (const [letter, control] of ['b\b', 'f\f', 'n\n', 'r\r', 't\t'])
  SINGLE[letter!.charCodeAt(0)] = control!.charCodeAt(0);

/**
 * The bytes that a JSON string stands for. Bytes that are not escaped stay as they are, also those that are no UTF-8:
 * gateways log paths as they come. An escape that is none stays, too.
 * @param bytes the string is `bytes[start, end)`, with its quotes
 * @returns a view of them where nothing is escaped, else a copy
 */
export function jsonText(bytes: Buffer, start: number, end: number): Buffer {
  const inner = bytes.subarray(start + 1, end - 1);
  return inner.includes(BACKSLASH) ? unescaped(inner) : inner;
}

function unescaped(text: Buffer): Buffer {
  const out = Buffer.allocUnsafe(text.length); // no escape is shorter than what it stands for
  let length = 0;
  let at = 0;
  for (let escape = text.indexOf(BACKSLASH); escape >= 0; escape = text.indexOf(BACKSLASH, at)) {
    length += text.copy(out, length, at, escape);
    const single = SINGLE[text[escape + 1] ?? 0]!;
    if (single > 0) {
      out[length++] = single;
      at = escape + 2;
    } else if (codeUnit(text, escape) >= 0) {
      const point = codePoint(text, escape);
      length += out.write(String.fromCodePoint(point), length);
      at = escape + (point > 0xffff ? 12 : 6);
    } else {
      out[length++] = BACKSLASH;
      at = escape + 1;
    }
  }
  length += text.copy(out, length, at);
  return out.subarray(0, length);
}

/** Of `\uXXXX`, or of two that are a surrogate pair; half a pair is no character. */
function codePoint(text: Buffer, at: number): number {
  const unit = codeUnit(text, at);
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  const low = unit < 0xdc00 ? codeUnit(text, at + 6) : -1;
  return low >= 0xdc00 && low <= 0xdfff ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : REPLACEMENT;
}

/** @returns -1 if there is no `\uXXXX` */
function codeUnit(text: Buffer, at: number): number {
  if (text[at] !== BACKSLASH || text[at + 1] !== LOWER_U) return -1;
  const digits = text.toString('latin1', at + 2, at + 6);
  return /^[0-9a-f]{4}$/i.test(digits) ? parseInt(digits, 16) : -1;
}
