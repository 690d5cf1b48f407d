import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { SOURCES } from './end-to-end.js';

/** Where the settings are that `statuslens analyze` reads the twins by: those of the pipeline. */
export const settingsIn = (folder: string): string => join(folder, 'statuslens.yaml');

export function writeSettingsIn(folder: string): void {
  writeFileSync(settingsIn(folder), stringify({ sources: SOURCES }));
}
