import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Catalogue } from '#catalogue';
import { DEFAULT_SETTINGS_FILE, loadSettings, type Settings, type Source } from '#settings';
import { UsageError, type Io } from './io.js';

/** The settings that come with statuslens, for a call in a folder that has none; dist/ lies beside them. */
const SHIPPED_SETTINGS = fileURLToPath(new URL('../../../../statuslens.yaml', import.meta.url));

/**
 * The user's settings, or the shipped ones where there are none.
 * @param config settings file of the call, if it named one
 * @throws InvalidSettings
 */
export function knownSettings(config: string | undefined, { environment }: Io): Settings {
  const named = config ?? environment['STATUSLENS_CONFIG'];
  const file = named ?? (existsSync(DEFAULT_SETTINGS_FILE) ? DEFAULT_SETTINGS_FILE : SHIPPED_SETTINGS);
  return loadSettings(file, environment);
}

/** @throws UsageError that names the known ones */
export function mustKnowVendor(catalogue: Catalogue, vendor: string, others: readonly string[] = []): void {
  const known = [...others, ...catalogue.files.map((file) => file.vendor)];
  if (!known.includes(vendor))
    throw new UsageError(`unknown vendor "${vendor}"; known are: ${known.join(', ')}`);
}

/** @throws UsageError that names the known ones */
export function sourceOf(name: string, { sources, file }: Settings): Source {
  const source = sources.get(name);
  if (source) return source;
  throw new UsageError(`${file} has no source "${name}"; known are: ${[...sources.keys()].join(', ')}`);
}
