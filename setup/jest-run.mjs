// @ts-check
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { step } from './step.mjs';

/** @typedef {{ code: number, passed: number, failed: number, skipped: number }} TestResult */

/**
 * Runs jest and counts. A test file that could not even be loaded is one failure.
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @returns {TestResult}
 */
export function runJest(args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'statuslens-jest-'));
  const file = join(folder, 'summary.json');
  try {
    const code = step('jest', ['--json', `--outputFile=${file}`, ...args], env);
    return { code, ...countsIn(file) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} file */
function countsIn(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const summary = JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed: summary.numPassedTests,
    failed: summary.numFailedTests + summary.numRuntimeErrorTestSuites,
    skipped: summary.numPendingTests,
  };
}
