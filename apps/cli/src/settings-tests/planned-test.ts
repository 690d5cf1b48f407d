import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { z } from 'zod';
import { checkYaml, type CheckedYaml, type Mistake } from '#catalogue';
import type { Settings, Source } from '#settings';
import { lensOf, type Lens } from '#verdict';
import { impossibleValue } from './label-values.js';
import { parseSelector, type Selector } from './metric-selector.js';
import { testFileSchema, type SettingsTest } from './test-file.js';

/** What the tests of a file are run with. */
interface Setup {
  readonly settings: Settings;
  readonly lens: Lens;
}

/** A test with all that it needs. */
export interface PlannedTest extends Setup {
  readonly file: string;
  readonly line: number;
  readonly test: SettingsTest;
  /** Which reads the lines. */
  readonly source: Source;
  readonly log: Buffer;
}

type File = CheckedYaml<z.infer<typeof testFileSchema>>;
type Path = readonly PropertyKey[];

/**
 * Reads a file of tests, the settings that it names, and its logs.
 * @param settingsOf the settings of a path, or those that any command would find
 * @returns the tests, or every mistake with its line
 * @throws InvalidSettings
 */
export function plannedTests(
  file: string,
  settingsOf: (config: string | undefined) => Settings,
): PlannedTest[] | Mistake[] {
  const text = bytesOf(file);
  if (typeof text === 'string') return [{ file, line: 1, message: text }];
  const checked = checkYaml(testFileSchema, file, text.toString());
  if (Array.isArray(checked)) return checked;
  const { config, tests } = checked.value;
  const settings = settingsOf(config === undefined ? undefined : beside(file, config));
  const setup = { settings, lens: lensOf(settings.catalogue) };
  const plans = tests.map((test, i) => planOf(test, ['tests', i], file, setup, checked));
  const mistakes = plans.flatMap((plan) => (Array.isArray(plan) ? plan : []));
  return mistakes.length > 0 ? mistakes : plans.flatMap((plan) => (Array.isArray(plan) ? [] : [plan]));
}

function planOf(
  test: SettingsTest,
  path: Path,
  file: string,
  setup: Setup,
  { lineOf }: File,
): PlannedTest | Mistake[] {
  const mistake = (place: Path, message: string): Mistake => ({
    file,
    line: lineOf([...path, ...place]),
    message: `${[...path, ...place].map(String).join('.')} ${message}`,
  });
  const source = sourceOf(test, setup.settings);
  if (typeof source === 'string') return [mistake(['source'], source)];
  const log = test.log === undefined ? bytesOf(beside(file, test.log_file!)) : Buffer.from(test.log);
  if (typeof log === 'string') return [mistake(['log_file'], log)];
  const impossible = Object.keys(test.metrics ?? {}).flatMap((key) => {
    const message = impossibleValue(parseSelector(key) as Selector, setup.settings, source);
    return message === undefined ? [] : [mistake(['metrics', key], message)];
  });
  return impossible.length > 0 ? impossible : { ...setup, file, line: lineOf(path), test, source, log };
}

/** @returns the source, or what is wrong with its name */
function sourceOf({ source: name }: SettingsTest, { sources, file }: Settings): Source | string {
  const names = [...sources.keys()].join(', ');
  if (name !== undefined)
    return sources.get(name) ?? `is ${JSON.stringify(name)}, which ${file} does not have; it has: ${names}`;
  const [only] = sources.size === 1 ? sources.values() : [];
  return only ?? `is missing; ${file} has more than one: ${names}`;
}

const beside = (file: string, path: string): string => (isAbsolute(path) ? path : join(dirname(file), path));

/** @returns the bytes, or why there are none */
function bytesOf(file: string): Buffer | string {
  try {
    const bytes = readFileSync(file);
    return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return `cannot be read: ${code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'it is a folder' : message}`;
  }
}
