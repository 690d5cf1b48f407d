// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, install } from './install.mjs';
import { runJest } from './jest-run.mjs';
import { root } from './root.mjs';
import { runScript, say } from './say.mjs';
import { step } from './step.mjs';
import { testPrograms } from './test-programs.mjs';

/** npm scripts that look at the sources, run before the tests. */
const CHECKS = ['typecheck', 'lint', 'deps', 'generate:check'];

await runScript(async () => {
  if (!prepared()) return end(0, 1, [1]);
  // `npm test -- pattern` asks for some tests only
  const selection = process.argv.slice(2);
  const checks = selection.length > 0 ? [] : checksThatExist().map((script) => step(script));
  const { found, missing } = await testPrograms();
  const tests = runJest(selection, { STATUSLENS_TEST_PROGRAMS: JSON.stringify(found) });
  tellSkipped(missing, tests.skipped);
  end(tests.passed, tests.failed, [...checks, mayBeMissing(missing) ? 0 : 1, tests.code]);
});

function prepared() {
  try {
    install();
    build();
    return true;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/**
 * @param {number} passed
 * @param {number} failed
 * @param {number[]} codes
 */
function end(passed, failed, codes) {
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = codes.find((code) => code !== 0) ?? 0;
}

function checksThatExist() {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return CHECKS.filter((name) => name in scripts);
}

/** @param {string[]} missing */
function mayBeMissing(missing) {
  return missing.length === 0 || process.env.CI !== 'true';
}

/**
 * @param {string[]} missing
 * @param {number} count
 */
function tellSkipped(missing, count) {
  if (missing.length === 0) return;
  const names = missing.join(', ');
  if (mayBeMissing(missing)) say(`warning: ${count} tests skipped without ${names}`);
  else say(`error: CI must not do without ${names}`);
}
