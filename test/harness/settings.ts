import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { LiveSettings } from '#settings';

/** Listeners on any free port, a lock short enough to see a stalled batch taken over, and no load balancer to wait for. */
const DEFAULTS = {
  ingest: { listen: { port: 0 } },
  worker: { listen: { port: 0 }, lock: '1s' },
  exporter: { listen: { port: 0 } },
  shutdown: { notice: '0s' },
  sources: { default: {} },
};

/** Writes settings as a user would, with free ports. @returns the path of the file */
export function writeSettings(redisUrl: string, overrides: object = {}): string {
  const file = join(mkdtempSync(join(tmpdir(), 'statuslens-settings-')), 'statuslens.yaml');
  replaceSettings(file, redisUrl, overrides);
  return file;
}

/** Puts other settings in their place, as an editor does: written beside the file, then renamed. */
export function replaceSettings(file: string, redisUrl: string, overrides: object = {}): void {
  writeFileSync(`${file}.new`, stringify({ redis: { url: redisUrl }, ...DEFAULTS, ...overrides }));
  renameSync(`${file}.new`, file);
}

export const settingsFor = (redisUrl: string, overrides: object = {}): LiveSettings =>
  new LiveSettings(writeSettings(redisUrl, overrides), {});
