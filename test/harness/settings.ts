import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadSettings, type Settings } from '#settings';

/** Listeners on any free port, and a lock short enough to see a stalled batch taken over. */
const DEFAULTS = {
  ingest: { listen: { port: 0 } },
  worker: { listen: { port: 0 }, lock: '1s' },
  exporter: { listen: { port: 0 } },
  sources: { default: {} },
};

/** Writes settings as a user would, with free ports. @returns the path of the file */
export function writeSettings(redisUrl: string, overrides: object = {}): string {
  const file = join(mkdtempSync(join(tmpdir(), 'statuslens-settings-')), 'statuslens.yaml');
  writeFileSync(file, stringify({ redis: { url: redisUrl }, ...DEFAULTS, ...overrides }));
  return file;
}

export const settingsFor = (redisUrl: string, overrides: object = {}): Settings =>
  loadSettings(writeSettings(redisUrl, overrides), {});
