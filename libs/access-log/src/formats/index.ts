import type { Format } from '../format.js';
import { alb } from './alb.js';
import { combined } from './combined.js';
import { caddyJson } from './caddy-json.js';
import { envoyJson } from './envoy-json.js';
import { envoy } from './envoy.js';
import { haproxy } from './haproxy.js';
import { json } from './json.js';
import { kongJson } from './kong-json.js';
import { logfmt } from './logfmt.js';
import { ltsv } from './ltsv.js';
import { nginxJson } from './nginx-json.js';
import { traefikClf } from './traefik-clf.js';
import { traefikJson } from './traefik-json.js';

/** Every log format by the name that settings use. To add one: write its file and its row. */
export const FORMATS = {
  'nginx-json': nginxJson,
  'traefik-clf': traefikClf, // before `combined`, which reads its lines too
  combined,
  haproxy,
  envoy,
  'envoy-json': envoyJson,
  'caddy-json': caddyJson,
  'traefik-json': traefikJson,
  'kong-json': kongJson,
  alb,
  ltsv,
  logfmt,
  json,
} satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;

export const FORMAT_NAMES = Object.keys(FORMATS) as [FormatName, ...FormatName[]];
