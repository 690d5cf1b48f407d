import { SCRAPED_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** Without the exporter nothing else can fire. */
export const exporterAbsent: Alert = {
  name: 'ExporterAbsent',
  severity: 'page',
  responsible: 'statuslens',
  expression: () => `absent(${SCRAPED_METRICS.buildInfo.name})`,
  hold: 'short',
  ofSource: false,
  ofVendor: false,
  summary: 'the exporter of statuslens is not scraped',
  description: 'No sample of statuslens_build_info: all other alerts are blind.',
  action:
    'See whether the exporter runs, whether its /readyz says why not, and whether Prometheus has it as a target.',
  restsOn: 'Prometheus itself.',
};
