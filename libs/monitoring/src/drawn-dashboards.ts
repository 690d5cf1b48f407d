import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardScope } from './dashboard-scope.js';

/**
 * All dashboards by the names of their files. The SDK is loaded only here: every process reads objectives from this
 * room, and few draw.
 */
export async function drawnDashboards(scope: DashboardScope): Promise<ReadonlyMap<string, Dashboard>> {
  const { DASHBOARDS } = await import('./dashboards/index.js');
  return new Map(Object.entries(DASHBOARDS).map(([name, draw]) => [name, draw(scope)]));
}
