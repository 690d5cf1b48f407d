import { SCRAPED_METRICS } from '#metric-names';
import { ruleScopeOf, type Settings } from '#settings';
import { family, type Family } from './exposition.js';

/** What this statuslens is and reads. */
export function infoFamilies(settings: Settings, version: string): Family[] {
  const { sources, catalogue } = settings;
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
    family(
      SCRAPED_METRICS.sessionLimit,
      catalogue.files.flatMap(({ vendor, session_limit }) =>
        session_limit === undefined ? [] : [{ labels: { vendor }, value: session_limit }],
      ),
    ),
    family(SCRAPED_METRICS.buildInfo, [{ labels: { version }, value: 1 }]),
    family(SCRAPED_METRICS.rulesInfo, [{ labels: { revision: ruleScopeOf(settings).revision }, value: 1 }]),
    family(
      SCRAPED_METRICS.heartbeat,
      [...sources.values()].flatMap(({ name, heartbeatMs }) =>
        heartbeatMs === undefined ? [] : [{ labels: { source: name }, value: heartbeatMs / 1000 }],
      ),
    ),
  ];
}
