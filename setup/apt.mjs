// @ts-check
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

const MACHINE_LISTS = '/var/lib/apt/lists';

/** @typedef {(...args: string[]) => Promise<string>} Apt */

/**
 * apt-get that reads what the machine has installed and writes only into a folder of ours: no root, no locks.
 * It runs in that folder, into which `download` therefore puts its files.
 * @param {string} aptGet
 * @param {string} folder
 * @param {'machine' | 'private'} lists whose package lists it reads
 * @returns {Promise<Apt>}
 */
export async function privateApt(aptGet, folder, lists) {
  await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
  await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
  const file = join(folder, 'apt.conf');
  await writeFile(file, configuration(folder, lists === 'machine' ? MACHINE_LISTS : join(folder, 'lists')));
  return (...args) => execute(aptGet, ['-c', file, '-qq', ...args], folder);
}

/**
 * Runs a command to its end; a failure says what the command said.
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {Record<string, string>} [env]
 */
export async function execute(command, args, cwd, env) {
  const environment = { ...process.env, LC_ALL: 'C', ...env };
  try {
    const { stdout } = await execFileAsync(command, args, { cwd, env: environment, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (error) {
    throw new Error(`${command} failed: ${lastWords(error)}`, { cause: error });
  }
}

/** @param {unknown} error */
function lastWords(error) {
  const { stderr = '', message = '' } = /** @type {{ stderr?: string, message?: string }} */ (error);
  return stderr.trim().split('\n').slice(-3).join(' ') || message;
}

/**
 * @param {string} folder
 * @param {string} lists
 */
function configuration(folder, lists) {
  return [
    '#clear APT::Update;', // hooks of the machine that tidy up after its own updates
    `Dir::State "${folder}";`,
    `Dir::State::lists "${lists}";`,
    'Dir::State::status "/var/lib/dpkg/status";',
    `Dir::Cache "${join(folder, 'cache')}";`,
    'Debug::NoLocking "1";',
    'Acquire::Languages "none";',
    // as root, apt would download as the user _apt, who cannot write here
    ...(process.getuid?.() === 0 ? ['APT::Sandbox::User "root";'] : []),
    '',
  ].join('\n');
}
