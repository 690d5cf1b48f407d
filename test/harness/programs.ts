import { program, type Program } from '#programs';

/** Programs that `npm test` has looked up already; null stands for one that cannot be had here. */
const lookedUp = JSON.parse(process.env.STATUSLENS_TEST_PROGRAMS ?? '{}') as Record<string, Program | null>;

/** A program that tests run, or an error that says how to get it. */
export async function testProgram(name: string): Promise<Program> {
  return lookedUp[name] ?? program(name);
}

/**
 * `describe` for tests that need programs: skipped where one is missing, except in CI, where nothing may be
 * skipped. To be awaited at the top level of a test file.
 */
export async function describeWith(names: string[], title: string, tests: () => void): Promise<void> {
  const missing = await firstMissing(names);
  if (missing === undefined || process.env.CI === 'true') describe(title, tests);
  else describe.skip(`${title} (without ${missing})`, tests);
}

async function firstMissing(names: string[]): Promise<string | undefined> {
  for (const name of names) {
    if (!(await isThere(name))) return name;
  }
  return undefined;
}

async function isThere(name: string): Promise<boolean> {
  if (name in lookedUp) return lookedUp[name] !== null;
  return program(name).then(
    () => true,
    () => false,
  );
}
