import { dirname, resolve } from 'node:path';
import type { Settings } from './settings.js';

/** The folder of the embedded Redis, which the settings name from where they lie. */
export const redisDataDir = ({ file, redis }: Pick<Settings, 'file' | 'redis'>): string =>
  resolve(dirname(file), redis.data);
