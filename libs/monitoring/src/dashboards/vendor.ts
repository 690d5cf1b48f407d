import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Catalogue, StatusEntry } from '#catalogue';
import { LEDGER_METRICS, SCRAPED_METRICS } from '#metric-names';
import type { DashboardScope } from '../dashboard-scope.js';
import { ALL_REQUESTS, NOT_OK } from '../promql.js';
import { dashboard } from './dashboard.js';
import { line, section } from './layout.js';
import { linksOfRows } from './links.js';
import { ORIGIN_COLORS, RESPONSIBLE_COLORS, VERDICT_COLORS } from './palettes.js';
import { areas, bars, lines } from './panel.js';
import { Chosen, joined } from './query.js';
import { coloredColumn, mappedColumn, matrix, table } from './table.js';

/** A vendor in its own words: what its document says of each status, and how often each came. */
export function vendor(scope: DashboardScope): Dashboard {
  const chosen = new Chosen(scope);
  return dashboard(scope, {
    title: 'Vendor',
    description: 'What the document of a vendor says of each status, and how often each came.',
    from: 'now-6h',
    sections: [
      section('Requests', line(8, [12, byVerdict(chosen)], [12, failingShare(chosen)])),
      section(
        'What the document says',
        line(14, [24, documented(scope, chosen)]),
        line(5, [24, documents(chosen)]),
      ),
      section('How the requests were judged', line(10, [24, judged(scope, chosen)])),
      section(
        'What the document does not say',
        line(8, [12, undocumented(scope, chosen)], [12, drift(chosen)]),
      ),
      section('Where and how long', line(9, [14, routes(chosen)], [10, durations(chosen)])),
    ],
  });
}

const byVerdict = (chosen: Chosen) =>
  areas(
    {
      title: 'Requests by verdict',
      description: 'All requests, late ones among them, by the document of their vendor.',
      unit: 'reqps',
      colors: VERDICT_COLORS,
    },
    { expr: chosen.requests(ALL_REQUESTS, ['verdict']), legend: '{{verdict}}' },
  );

const failingShare = (chosen: Chosen) =>
  lines(
    {
      title: 'Share of requests that failed',
      description: 'Requests that are neither ok nor accepted, whoever is responsible, by vendor.',
      unit: 'percentunit',
    },
    {
      expr: `${chosen.requests(ALL_REQUESTS, ['vendor'], NOT_OK)}
/ (${chosen.requests(ALL_REQUESTS, ['vendor'])} > 0)`,
      legend: '{{vendor}}',
    },
  );

/** All statuses of the documents exist at 0 from the first scrape, so that the table is the whole document. */
function documented(scope: DashboardScope, chosen: Chosen) {
  const requests = chosen.increase(
    LEDGER_METRICS.requests,
    ['vendor', 'code'],
    'verdict!="undocumented", origin!="gateway"',
  );
  const panel = table(
    {
      title: 'Documented statuses',
      description:
        'Every status that the documents of the chosen vendors list, with its name and meaning there, and how often it came within the time of the dashboard. A click on a status explains it.',
      unit: 'short',
    },
    ['vendor', 'code', 'name', 'meaning'],
    { expr: withMeaning(requests), name: 'requests' },
  ).dataLinks(linksOfRows(scope));
  mappedColumn(
    panel,
    'name',
    textsOf(scope.catalogue, ({ name }) => name),
    220,
  );
  return mappedColumn(
    panel,
    'meaning',
    textsOf(scope.catalogue, ({ meaning, note }) => [meaning, note].filter(Boolean).join(' ')),
    700,
  );
}

/** Columns that are replaced by what the document says of vendor and code. */
const withMeaning = (expr: string): string =>
  joined(joined(expr, 'name', '/', 'vendor', 'code'), 'meaning', '/', 'vendor', 'code');

const textsOf = ({ files }: Catalogue, textOf: (status: StatusEntry) => string): Record<string, string> =>
  Object.fromEntries(
    files.flatMap(({ vendor, statuses }) =>
      Object.entries(statuses).map(([code, status]) => [`${vendor}/${code}`, textOf(status)]),
    ),
  );

const documents = (chosen: Chosen) =>
  table(
    {
      title: 'Documents',
      description: 'What the statuses are judged by. A change of the revision is marked in every graph.',
      unit: 'none',
      noValue: 'no document',
    },
    ['vendor', 'document', 'revision'],
    {
      expr: chosen.value(SCRAPED_METRICS.catalogueInfo, ['vendor', 'document', 'revision']),
      name: 'in use',
    },
  );

function judged(scope: DashboardScope, chosen: Chosen) {
  const labels = ['vendor', 'code', 'verdict', 'reason', 'responsible', 'action', 'origin'];
  const panel = table(
    {
      title: 'Judgements',
      description:
        'Statuses that came, with what evidence beside the status made of them: one status can be judged in several ways.',
      unit: 'short',
    },
    labels,
    { expr: `${chosen.increase(LEDGER_METRICS.requests, labels)} > 0`, name: 'requests' },
  ).dataLinks(linksOfRows(scope));
  coloredColumn(panel, 'verdict', VERDICT_COLORS);
  return coloredColumn(panel, 'responsible', RESPONSIBLE_COLORS);
}

function undocumented(scope: DashboardScope, chosen: Chosen) {
  const labels = ['vendor', 'code', 'origin'];
  const requests = `${chosen.increase(LEDGER_METRICS.requests, labels, 'verdict="undocumented"')} > 0`;
  const panel = table(
    {
      title: 'Undocumented statuses',
      description:
        'Statuses that the document does not list, or lists without a meaning, with what other sources say of them.',
      unit: 'short',
      noValue: 'none',
    },
    [...labels, 'hint'],
    { expr: joined(requests, 'hint', '/', 'vendor', 'code'), name: 'requests' },
  ).dataLinks(linksOfRows(scope));
  return mappedColumn(panel, 'hint', hintsOf(scope.catalogue));
}

const hintsOf = ({ files }: Catalogue): Record<string, string> =>
  Object.fromEntries(
    files.flatMap(({ vendor, hints = {} }) =>
      Object.entries(hints).map(([code, hint]) => [`${vendor}/${code}`, hint]),
    ),
  );

const drift = (chosen: Chosen) =>
  bars(
    {
      title: 'Undocumented statuses over time, by who made them',
      description:
        'A sign that the API and its document drift apart. Lines of which no vendor is known are not among them.',
      unit: 'reqps',
      colors: ORIGIN_COLORS,
    },
    { expr: chosen.rate(LEDGER_METRICS.undocumented, ['origin']), legend: '{{origin}}' },
  );

function routes(chosen: Chosen) {
  const requests = chosen.increase(LEDGER_METRICS.route, ['vendor', 'method', 'route', 'verdict']);
  return matrix(
    {
      title: 'Requests by route and verdict',
      description:
        'How many within the time of the dashboard. Routes are the path templates of the vendor file; the rest is "other".',
      unit: 'short',
      colors: VERDICT_COLORS,
    },
    'route',
    'verdict',
    { expr: joined(`${requests} > 0`, 'route', ' ', 'vendor', 'method', 'route') },
  );
}

const durations = (chosen: Chosen) =>
  lines(
    {
      title: 'Duration, p95, by verdict',
      description:
        'Time that the gateway took for 95 % of the requests with a verdict, where the log tells it.',
      unit: 's',
      colors: VERDICT_COLORS,
    },
    { expr: chosen.quantile(0.95, LEDGER_METRICS.duration, ['verdict']), legend: '{{verdict}}' },
  );
