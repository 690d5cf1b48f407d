// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { relocated } from './relocated.mjs';

const BINARIES = ['usr/bin', 'usr/sbin', 'bin', 'sbin'];
const LIBRARIES = ['usr/lib', 'lib'];

/**
 * @typedef {object} Layout
 * @property {string} [looksFor] a folder of its package that it expects at an absolute path
 * @property {Record<string, string>} [finds] variables that tell it where folders of its packages are; `*` in their
 *   paths is the name of the architecture
 * @property {string[]} [libraries] folders of its packages with libraries that nobody else uses
 */

/**
 * A program inside a folder into which packages were unpacked, or undefined if it is not there.
 * @param {string} folder
 * @param {string[]} executables
 * @param {Layout} layout
 * @returns {Promise<import('./programs.mjs').Program | undefined>}
 */
export async function unpackedProgram(folder, executables, { looksFor, finds = {}, libraries = [] }) {
  const paths = BINARIES.flatMap((directory) => executables.map((file) => join(folder, directory, file)));
  const command = paths.find((path) => existsSync(path));
  if (command === undefined) return undefined;
  const env = { ...libraryPath(folder, libraries), ...foldersOf(folder, finds) };
  return looksFor === undefined
    ? { command, env }
    : { command: relocated(command, looksFor), env, cwd: folder };
}

/**
 * @param {string} folder
 * @param {Record<string, string>} finds
 * @returns {Record<string, string>}
 */
function foldersOf(folder, finds) {
  return Object.fromEntries(Object.entries(finds).map(([name, path]) => [name, expanded(folder, path)]));
}

/**
 * @param {string} folder
 * @param {string} path
 */
function expanded(folder, path) {
  const [parent, rest] = path.split('/*/');
  if (parent === undefined || rest === undefined) return join(folder, path);
  const paths = multiarchOf(folder, parent).map((directory) => join(folder, directory, rest));
  return paths.find((candidate) => existsSync(candidate)) ?? join(folder, parent, rest);
}

/**
 * @param {string} folder
 * @param {readonly string[]} own
 * @returns {Record<string, string>}
 */
function libraryPath(folder, own) {
  const directories = [...own, ...LIBRARIES]
    .flatMap((library) => [library, ...multiarchOf(folder, library)])
    .map((directory) => join(folder, directory))
    .filter(holdsLibraries);
  const inherited = process.env.LD_LIBRARY_PATH;
  if (directories.length === 0) return {};
  return { LD_LIBRARY_PATH: [...directories, ...(inherited ? [inherited] : [])].join(':') };
}

/**
 * Debian's libraries lie in folders named after the architecture, such as usr/lib/x86_64-linux-gnu.
 * @param {string} folder
 * @param {string} library
 */
function multiarchOf(folder, library) {
  return namesIn(join(folder, library))
    .filter((name) => name.includes('-linux-'))
    .map((name) => join(library, name));
}

/** @param {string} directory */
function holdsLibraries(directory) {
  return namesIn(directory).some((name) => /\.so(\.|$)/.test(name));
}

/** @param {string} directory */
function namesIn(directory) {
  return existsSync(directory) ? readdirSync(directory) : [];
}
