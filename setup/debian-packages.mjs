// @ts-check
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execute, privateApt } from './apt.mjs';
import { say } from './say.mjs';
import { unpackedProgram } from './unpacked-program.mjs';

const TEMPORARY = '.unpacking-';
const ABANDONED_AFTER_MS = 3_600_000;

/**
 * @typedef {object} Wish
 * @property {string} name
 * @property {string[]} packages
 * @property {boolean} [dependencies]
 * @property {string} folder
 * @property {string} aptGet
 * @property {{ executables: string[], version: string[] } & import('./unpacked-program.mjs').Layout} proof
 */

/**
 * Unpacks Debian packages into a folder, as any user could. The folder appears whole or not at all: everything
 * happens in a temporary one beside it, whose program has to start before it gets its name.
 * @param {Wish} wish
 */
export async function fetchPackages(wish) {
  if (!existsSync('/var/lib/dpkg/status')) throw new Error('this is not a Debian or Ubuntu system.');
  say(`fetching ${wish.name} from Debian's packages …`);
  const cache = dirname(wish.folder);
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const temporary = await mkdtemp(join(cache, TEMPORARY));
  try {
    await unpack(await download(wish, temporary), join(temporary, 'root'));
    await prove(join(temporary, 'root'), wish.proof);
    await nameIt(join(temporary, 'root'), wish.folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * The machine's package lists may be missing (as in a container image) or name versions that are gone.
 * @param {Wish} wish
 * @param {string} temporary
 * @returns {Promise<string>} the folder of the downloaded files
 */
async function download(wish, temporary) {
  try {
    return await downloadWith('machine', wish, temporary);
  } catch {
    return downloadWith('private', wish, temporary);
  }
}

/**
 * @param {'machine' | 'private'} lists
 * @param {Wish} wish
 * @param {string} temporary
 */
async function downloadWith(lists, { packages, dependencies, aptGet }, temporary) {
  const folder = join(temporary, lists);
  const apt = await privateApt(aptGet, folder, lists);
  if (lists === 'private') await apt('update');
  await apt('download', ...new Set([...packages, ...(dependencies ? await missingFor(apt, packages) : [])]));
  return folder;
}

/**
 * @param {import('./apt.mjs').Apt} apt
 * @param {string[]} packages
 */
async function missingFor(apt, packages) {
  const plan = await apt('--simulate', 'install', '--no-install-recommends', ...packages);
  return [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name ?? '');
}

/**
 * @param {string} packages
 * @param {string} target
 */
async function unpack(packages, target) {
  for (const file of (await readdir(packages)).filter((name) => name.endsWith('.deb'))) {
    await execute('dpkg', ['-x', join(packages, file), target], packages);
  }
}

/**
 * @param {string} folder
 * @param {Wish['proof']} proof
 */
async function prove(folder, { executables, version, libraries }) {
  const program = await unpackedProgram(folder, executables, { libraries });
  if (!program) throw new Error(`the package holds no ${executables.join(' or ')}.`);
  await execute(program.command, version, folder, program.env);
}

/**
 * @param {string} unpacked
 * @param {string} folder
 */
async function nameIt(unpacked, folder) {
  try {
    await rename(unpacked, folder);
  } catch (error) {
    // another process was quicker: its folder is as good as ours
    if (!existsSync(folder)) throw error;
  }
}

/**
 * What runs that were killed left behind.
 * @param {string} cache
 */
async function removeAbandoned(cache) {
  for (const name of (await readdir(cache)).filter((entry) => entry.startsWith(TEMPORARY))) {
    const path = join(cache, name);
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}
