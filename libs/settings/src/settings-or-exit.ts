import { existsSync } from 'node:fs';
import { LiveSettings } from './live-settings.js';
import { InvalidSettings, type Environment } from './load-settings.js';

/** Where the settings are, unless STATUSLENS_CONFIG names another file. */
export const DEFAULT_SETTINGS_FILE = 'statuslens.yaml';

/**
 * The settings of a process that serves; it cannot start without them, so it ends with what is wrong.
 * @param needsRedis whether it must be known where Redis is
 */
export function settingsOrExit(
  environment: Environment,
  { needsRedis }: { needsRedis: boolean },
): LiveSettings {
  const file = environment['STATUSLENS_CONFIG'] ?? DEFAULT_SETTINGS_FILE;
  const settings = readOrExit(file, environment);
  if (needsRedis && settings.now.redis.access === undefined)
    exit(`${file} has no redis.url or redis.sentinels, and STATUSLENS_REDIS_URL is not set: where is Redis?`);
  return settings;
}

function readOrExit(file: string, environment: Environment): LiveSettings {
  if (!existsSync(file)) exit(`${file} is missing; STATUSLENS_CONFIG may name another file`);
  try {
    return new LiveSettings(file, environment);
  } catch (error) {
    if (error instanceof InvalidSettings) exit(error.message);
    throw error;
  }
}

function exit(message: string): never {
  process.stderr.write(`statuslens cannot start:\n${message}\n`);
  process.exit(1);
}
