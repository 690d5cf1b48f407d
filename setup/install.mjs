// @ts-check
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled } from './installed.mjs';
import { root } from './root.mjs';
import { say } from './say.mjs';

const LOCK = join(root, 'package-lock.json');
const INSTALL_STAMP = join(root, 'node_modules', '.statuslens-install');
const BUILD_STAMP = join(root, 'dist', '.statuslens-build');
const SOURCE_FOLDERS = ['apps', 'libs', 'test', 'bench'];
const BUILD_SETTINGS = ['tsconfig.json', 'package.json'];

/** Runs `npm ci` unless node_modules holds what package-lock.json names. */
export function install() {
  refuseOldNode();
  const wanted = hash(readFileSync(LOCK));
  if (textOf(INSTALL_STAMP) === wanted) return;
  if (!isInstalled(root)) npmCi();
  writeFileSync(INSTALL_STAMP, wanted);
}

/** Compiles into an empty dist/ unless it was built from the sources as they are now. */
export function build() {
  const sources = sourcesFingerprint();
  if (textOf(BUILD_STAMP) === sources) return;
  say('building …');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], 'The build failed.');
  writeFileSync(BUILD_STAMP, sources);
}

function npmCi() {
  say('installing packages …');
  // --include=dev: the compiler is needed even where NODE_ENV=production
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['ci', '--include=dev', ...quietly], '`npm ci` failed.');
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`statuslens needs Node 20.19 or newer; this is ${process.version}.`);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} failure
 */
function run(command, args, failure) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm', // npm is npm.cmd there
  });
  if (status !== 0) throw new Error(error ? `${failure} ${error.message}` : failure);
}

/** Names, sizes and times of change, not contents: fast enough to be asked at every start. */
function sourcesFingerprint() {
  const files = [...BUILD_SETTINGS, ...SOURCE_FOLDERS.flatMap(typeScriptFilesIn)];
  return hash(files.map((file) => `${file} ${stateOf(file)}`).join('\n'));
}

/** @param {string} file */
function stateOf(file) {
  const { size, mtimeMs } = statSync(join(root, file));
  return `${size} ${mtimeMs}`;
}

/** @param {string} folder */
function typeScriptFilesIn(folder) {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(folder, name));
}

/** @param {string} file */
function textOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** @param {string | Buffer} content */
function hash(content) {
  return createHash('sha256').update(content).digest('hex');
}
