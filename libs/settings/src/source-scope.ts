import { FORMATS, MADE_BY, type FormatName } from '#access-log';
import type { Catalogue, Origin } from '#catalogue';
import type { Source } from './settings.js';

/** Whose documents a source may be judged by, and who its log can say made a status: what bounds its series. */
export const scopeOf = (
  { name, vendor, format }: Source,
  catalogue: Catalogue,
): { name: string; vendors: readonly string[]; origins: readonly Origin[] } => ({
  name,
  vendors: vendor === 'auto' ? catalogue.vendors : [vendor],
  origins: format === 'auto' ? MADE_BY : FORMATS[format as FormatName].origins,
});
