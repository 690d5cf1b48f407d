import { maskSecrets } from './mask-secrets.js';

/** A sample of a line is no longer than this. */
export const SAMPLE_BYTES = 300;

/** Cut off by a text of this length, of which a character of several bytes may be broken. */
const REPLACEMENT = '\ufffd';

/** The beginning of a line for people: without its secrets; its control characters are still in it. */
export function lineSample(bytes: Uint8Array, start: number, end: number): string {
  const cut = end > start + SAMPLE_BYTES;
  return shortened(maskSecrets(textOf(bytes.subarray(start, cut ? start + SAMPLE_BYTES : end), cut)));
}

function textOf(bytes: Uint8Array, cut: boolean): string {
  const text = Buffer.from(bytes).toString();
  return cut && text.endsWith(REPLACEMENT) ? text.slice(0, -1) : text;
}

/** A mask may be longer than what it hides, and a byte that is no text becomes three. */
function shortened(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length > SAMPLE_BYTES ? textOf(bytes.subarray(0, SAMPLE_BYTES), true) : text;
}
