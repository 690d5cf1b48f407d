import { SCRAPED_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** What was acknowledged would not survive a crash. */
export const redisPersistenceFailing: Alert = {
  name: 'RedisPersistenceFailing',
  severity: 'page',
  responsible: 'statuslens',
  expression: (promql) => `${promql.value(SCRAPED_METRICS.redisPersistence, [])} == 0`,
  hold: 'short',
  ofSource: false,
  ofVendor: false,
  summary: 'Redis does not write what it is told',
  description:
    'The append-only file is off, or its last write failed: a crash would lose what was acknowledged.',
  action: 'Look at the disk of Redis (full? read-only?) and its log.',
  restsOn: 'What Redis says of itself.',
};
