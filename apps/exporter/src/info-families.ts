import { SCRAPED_METRICS } from '#metric-names';
import type { Settings } from '#settings';
import { family, type Family } from './exposition.js';

/** What this statuslens is and reads, for joins: always 1. */
export function infoFamilies({ sources, catalogue }: Settings, version: string): Family[] {
  return [
    family(
      SCRAPED_METRICS.sourceInfo,
      [...sources.values()].map(({ name, labels }) => ({ labels: { ...labels, source: name }, value: 1 })),
    ),
    family(
      SCRAPED_METRICS.catalogueInfo,
      catalogue.files.map(({ vendor, document }) => ({
        labels: { vendor, document: `${document.title}, ${document.section}`, revision: document.revision },
        value: 1,
      })),
    ),
    family(SCRAPED_METRICS.buildInfo, [{ labels: { version }, value: 1 }]),
  ];
}
