import { PROCESS_METRICS } from '#metric-names';
import type { Alert } from '../alert.js';

/** An edit or a deployment is half done: everything goes on as before, and nobody may have noticed. */
export const settingsNotInForce: Alert = {
  name: 'SettingsNotInForce',
  severity: 'ticket',
  responsible: 'statuslens',
  expression: (promql) => `${promql.value(PROCESS_METRICS.reloadSuccessful, ['job', 'instance'])} == 0`,
  hold: 600_000,
  ofSource: false,
  ofVendor: false,
  summary: 'the settings of {{ $labels.instance }} were changed and cannot be used',
  description:
    'Ten minutes ago {{ $labels.instance }} read its settings again and found mistakes. It works on with the settings of before; a restart would fail.',
  action:
    'Read settings.not_in_force in its /readyz, or its log: both give file, line and mistake. Correct them; no restart is needed.',
  restsOn: 'What the process says of itself.',
};
