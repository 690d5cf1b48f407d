// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean }} LockedPackage */

/**
 * Whether node_modules already holds every package of package-lock.json, by npm's own record of its last
 * install: somebody who typed `npm ci` need not wait for a second one.
 * @param {string} root
 */
export function isInstalled(root) {
  const present = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  const wanted = Object.entries(packagesIn(join(root, 'package-lock.json')));
  return wanted.every(([path, locked]) => path === '' || isFulfilled(locked, present[path]));
}

/**
 * @param {LockedPackage} wanted
 * @param {LockedPackage | undefined} present
 */
function isFulfilled(wanted, present) {
  if (present === undefined) return wanted.optional === true || wanted.devOptional === true;
  return present.version === wanted.version;
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function packagesIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}
