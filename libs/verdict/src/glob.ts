import type { Text } from '#access-log';
import { bytesOf, equals, startsWith } from './text-match.js';

/** Whether a text is the given one or, for a glob that ends in `*`, begins like it. */
export function globMatcher(glob: string): (text: Text) => boolean {
  const wanted = bytesOf(glob.replace(/\*$/, ''));
  return glob.endsWith('*')
    ? (text) => text.present && startsWith(text, wanted)
    : (text) => text.present && equals(text, wanted);
}
