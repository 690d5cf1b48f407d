import { readFileSync } from 'node:fs';

/**
 * A block of code of a page in docs/shippers, as users paste it, with what differs here put in its place.
 * @param language of the block; the first one counts
 * @param changes every text must be in the block
 */
export function pageCode(
  page: string,
  language: string,
  changes: Readonly<Record<string, string>> = {},
): string {
  const file = `docs/shippers/${page}`;
  const blocks = [...readFileSync(file, 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  const block = blocks.find(([, name]) => name === language)?.[2];
  if (block === undefined) throw new Error(`${file} has no block of ${language}.`);
  return Object.entries(changes).reduce((code, [from, to]) => {
    if (!code.includes(from)) throw new Error(`The block of ${language} in ${file} has no "${from}".`);
    return code.replaceAll(from, to);
  }, block);
}
