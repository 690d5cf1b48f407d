import {
  DashboardLinkBuilder,
  DashboardLinkType,
  type DashboardLink,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { DashboardScope } from '../dashboard-scope.js';

/** Where Grafana takes a value from when a link is followed: the labels of a series, or the row of a table. */
const FROM_SERIES = (label: string): string => `\${__field.labels.${label}}`;
const FROM_ROW = (label: string): string => `\${__data.fields.${label}}`;

/** Links of series with the labels vendor and code. */
export const linksOfSeries = (scope: DashboardScope): Builder<DashboardLink>[] =>
  linksOfStatus(scope, FROM_SERIES);

/** Links of rows with the columns vendor and code. */
export const linksOfRows = (scope: DashboardScope): Builder<DashboardLink>[] =>
  linksOfStatus(scope, FROM_ROW);

/** To the other dashboards, and to the logs whose address needs no status. */
export function linksOfDashboard({ logLinks }: DashboardScope): DashboardLinkBuilder[] {
  const logs = logLinks.filter(({ url }) => !url.includes('{code}'));
  return [
    new DashboardLinkBuilder('statuslens')
      .type(DashboardLinkType.Dashboards)
      .tags(['statuslens'])
      .includeVars(true)
      .keepTime(true),
    ...logs.map(({ source, url }) => link(`Logs of ${source}`, filled(url, '${vendor:pipe}', ''))),
  ];
}

function linksOfStatus(
  { exporter, logLinks }: DashboardScope,
  value: (label: string) => string,
): Builder<DashboardLink>[] {
  const [vendor, code] = [value('vendor'), value('code')];
  return [
    link(`What ${code} means with ${vendor}`, `${exporter}/explain/${vendor}/${code}`),
    ...logLinks.map(({ source, url }) => link(`Logs of ${source}: ${code}`, filled(url, vendor, code))),
  ];
}

const link = (title: string, url: string): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(true);

const filled = (url: string, vendor: string, code: string): string =>
  url
    .replaceAll('{vendor}', () => vendor)
    .replaceAll('{code}', () => code)
    .replaceAll('{from}', () => '${__from}')
    .replaceAll('{to}', () => '${__to}');
