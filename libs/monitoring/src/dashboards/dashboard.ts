import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkPlacement,
  type Dashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardScope } from '../dashboard-scope.js';
import { annotations } from './annotations.js';
import { lay, type Section } from './layout.js';
import { linksOfDashboard } from './links.js';
import { trustStrip } from './trust-strip.js';
import { variables } from './variables.js';

interface Content {
  readonly title: string;
  readonly description: string;
  /** Where its time begins, such as `now-6h`. */
  readonly from: string;
  readonly sections: readonly Section[];
}

/** A dashboard with what all have: variables, annotations, links, and whether it can be trusted. */
export function dashboard(scope: DashboardScope, { title, description, from, sections }: Content): Dashboard {
  const builder = new DashboardBuilder(`statuslens: ${title}`)
    .uid(`statuslens-${title.toLowerCase().replaceAll(' ', '-')}`)
    .description(description)
    .tags(['statuslens'])
    .time({ from, to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .variables(variables(scope))
    .annotations(annotations())
    .links(linksOfDashboard(scope));
  return plain(lay(builder, [trustStrip(scope), ...sections]).build());
}

/** As Grafana reads it: the SDK marks its objects with functions, which no JSON has. */
const plain = (built: Dashboard): Dashboard => JSON.parse(JSON.stringify(built, withoutMenu)) as Dashboard;

/** The SDK would have newer versions of Grafana hide all links in a menu. */
const withoutMenu = (_: string, value: unknown): unknown =>
  value === DashboardLinkPlacement.InControlsMenu.valueOf() ? undefined : value;
