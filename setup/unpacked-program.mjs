// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { relocated } from './relocated.mjs';

const BINARIES = ['usr/bin', 'usr/sbin', 'bin', 'sbin'];
const LIBRARIES = ['usr/lib', 'lib'];

/**
 * A program inside a folder into which packages were unpacked, or undefined if it is not there.
 * @param {string} folder
 * @param {string[]} executables
 * @param {string} [looksFor] a folder of its package that the program expects at an absolute path
 * @returns {Promise<import('./programs.mjs').Program | undefined>}
 */
export async function unpackedProgram(folder, executables, looksFor) {
  const paths = BINARIES.flatMap((directory) => executables.map((file) => join(folder, directory, file)));
  const command = paths.find((path) => existsSync(path));
  if (command === undefined) return undefined;
  const env = libraryPath(folder);
  return looksFor === undefined
    ? { command, env }
    : { command: relocated(command, looksFor), env, cwd: folder };
}

/**
 * @param {string} folder
 * @returns {Record<string, string>}
 */
function libraryPath(folder) {
  const directories = LIBRARIES.flatMap((library) => [library, ...multiarchOf(folder, library)])
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
