import { FORMATS, MADE_BY, type FormatName } from '#access-log';
import type { Catalogue, Origin } from '#catalogue';
import type { Source } from './settings.js';

/** Whose documents a source may be judged by, and who its log can say made a status: what bounds its series. */
export const scopeOf = (
  { name, vendor, routes, format }: Source,
  catalogue: Catalogue,
): { name: string; vendors: readonly string[]; origins: readonly Origin[] } => ({
  name,
  vendors:
    vendor === 'auto' ? catalogue.vendors : [...new Set([vendor, ...routes.map((route) => route.vendor)])],
  origins: format === 'auto' ? MADE_BY : FORMATS[format as FormatName].origins,
});
