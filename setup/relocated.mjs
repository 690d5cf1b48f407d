// @ts-check
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const EXECUTABLE = 0o755;

/**
 * A copy of a program that looks for a folder below its working directory instead of at its absolute path, where an
 * unpacked package is not. The path in it is rewritten to one of the same length: `/usr/share` becomes `usr//share`.
 * @param {string} command
 * @param {string} path
 * @returns {string} the copy, beside the program
 */
export function relocated(command, path) {
  const copy = `${command}.relocated`;
  if (existsSync(copy)) return copy;
  const bytes = readFileSync(command);
  const at = bytes.indexOf(path);
  if (at < 0) throw new Error(`${command} does not look for ${path}`);
  bytes.write(path.slice(1).replace('/', '//'), at, 'latin1');
  // renamed into place, so that nobody starts half a program
  const draft = `${copy}.${process.pid}`;
  writeFileSync(draft, bytes, { mode: EXECUTABLE });
  renameSync(draft, copy);
  return copy;
}
