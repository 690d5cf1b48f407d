import type { Format } from '../format.js';
import { combined } from './combined.js';
import { haproxy } from './haproxy.js';
import { json } from './json.js';
import { nginxJson } from './nginx-json.js';

/** Every log format by the name that settings use. To add one: write its file and its row. */
export const FORMATS = {
  'nginx-json': nginxJson,
  combined,
  haproxy,
  json,
} satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;

export const FORMAT_NAMES = Object.keys(FORMATS) as [FormatName, ...FormatName[]];
