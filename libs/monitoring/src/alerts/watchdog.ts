import type { Alert } from '../alert.js';

/** Always fires. */
export const watchdog: Alert = {
  name: 'Watchdog',
  severity: 'info',
  responsible: 'statuslens',
  expression: () => 'vector(1)',
  ofSource: false,
  ofVendor: false,
  summary: 'the alerts of statuslens are evaluated',
  description: 'Always fires. Let a dead man’s switch tell when it stops.',
  action: 'Nothing, unless it stops: then Prometheus or Alertmanager does not work.',
  restsOn: 'Prometheus itself.',
};
