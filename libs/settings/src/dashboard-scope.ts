import type { DashboardScope } from '#monitoring';
import { ruleScopeOf } from './rule-scope.js';
import type { Settings } from './settings.js';

/**
 * What dashboards of these settings follow from.
 * @param exporter address under which browsers reach the exporter; without it, its port on this machine
 */
export const dashboardScopeOf = (
  settings: Settings,
  keptLabels: readonly string[] = [],
  exporter = `http://localhost:${settings.exporter.listen.port}`,
): DashboardScope => ({
  ...ruleScopeOf(settings, keptLabels),
  exporter,
  logLinks: [...settings.sources.values()].flatMap(({ name, logsLink }) =>
    logsLink === undefined ? [] : [{ source: name, url: logsLink }],
  ),
});
