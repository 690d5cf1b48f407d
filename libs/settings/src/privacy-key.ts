import type { CheckedYaml, Mistake } from '#catalogue';
import type { SettingsFile } from './settings-file.js';

/** Of random hexadecimal digits 128 bits; whoever can guess the key can guess callers. */
const SHORTEST = 32;
const HOW_TO_MAKE_ONE = 'make one with: openssl rand -hex 32';

/**
 * @param key as it was read, or why it could not be
 * @returns what callers are hashed with, if there is anything, or what is wrong with it
 */
export function privacyKeyOf(
  file: string,
  { value, lineOf }: CheckedYaml<SettingsFile>,
  key: string | undefined | Error,
): string | undefined | Mistake[] {
  const mistake = (message: string, ...place: string[]): Mistake[] => [
    { file, line: lineOf(place), message },
  ];
  if (key instanceof Error) return mistake(`privacy.key: ${key.message}`, 'privacy', 'key');
  if (key !== undefined && key.length < SHORTEST)
    return mistake(
      `privacy.key has ${key.length} characters and must have ${SHORTEST} or more; ${HOW_TO_MAKE_ONE}`,
      'privacy',
      'key',
    );
  const strict = Object.entries(value.sources).find(([, { privacy }]) => privacy === 'strict');
  if (key === undefined && strict)
    return mistake(
      `source ${strict[0]} has privacy: strict, which needs privacy.key at the top of the settings; ` +
        `${HOW_TO_MAKE_ONE}, and give it as key: { env: NAME } or { file: PATH }`,
      'sources',
      strict[0],
      'privacy',
    );
  return key;
}
