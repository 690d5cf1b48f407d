import { existsSync } from 'node:fs';
import { Catalogue } from '#catalogue';
import { DEFAULT_SETTINGS_FILE, loadSettings, shippedVendors } from '#settings';
import { UsageError, type Io } from './io.js';

/**
 * The shipped vendors and, where there are settings, the user's own.
 * @param config settings file of the call, if it named one
 * @throws InvalidSettings
 */
export function knownCatalogue(config: string | undefined, { environment }: Io): Catalogue {
  const file = config ?? environment['STATUSLENS_CONFIG'];
  if (file !== undefined) return loadSettings(file, environment).catalogue;
  if (existsSync(DEFAULT_SETTINGS_FILE)) return loadSettings(DEFAULT_SETTINGS_FILE, environment).catalogue;
  return new Catalogue(shippedVendors());
}

/** @throws UsageError that names the known ones */
export function mustKnowVendor(catalogue: Catalogue, vendor: string, others: readonly string[] = []): void {
  const known = [...others, ...catalogue.files.map((file) => file.vendor)];
  if (!known.includes(vendor))
    throw new UsageError(`unknown vendor "${vendor}"; known are: ${known.join(', ')}`);
}
