import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { ORIGINS, RESPONSIBLE, type Origin } from '#catalogue';
import { LEDGER_METRICS, type MetricDefinition } from '#metric-names';
import type { DashboardScope } from '../dashboard-scope.js';
import { ALL_REQUESTS, NOT_OK, ON_TIME } from '../promql.js';
import { dashboard } from './dashboard.js';
import { line, section } from './layout.js';
import { linksOfSeries } from './links.js';
import { RESPONSIBLE_COLORS, VERDICT_COLORS } from './palettes.js';
import { areas, bars, dashed, lines, thresholds, values } from './panel.js';
import { Chosen, joined } from './query.js';
import { matrix } from './table.js';

/** Who must act now, who is hit, and by what. */
export function incident(scope: DashboardScope): Dashboard {
  const chosen = new Chosen(scope);
  return dashboard(scope, {
    title: 'Incident',
    description: 'Who must act now, who is hit, and what the storage says.',
    from: 'now-3h',
    sections: [
      section(
        'Who must act now',
        line(5, [12, now(chosen)], [12, delta(chosen)]),
        line(8, [12, byResponsible(chosen)], [12, byVerdict(chosen)]),
      ),
      section(
        'Who is hit',
        line(
          9,
          [
            12,
            hit(chosen, 'device', LEDGER_METRICS.device, 'Devices are named by paths; the rest is "other".'),
          ],
          [12, hit(chosen, 'consumer', LEDGER_METRICS.consumer, 'Consumers are named in the settings.')],
        ),
      ),
      section('Which statuses', line(8, ...ORIGINS.map((origin) => codes(scope, chosen, origin)))),
      section(
        'How slow, and what retries still hide',
        line(8, [8, duration(chosen, 'read')], [8, duration(chosen, 'write')], [8, recovered(scope, chosen)]),
      ),
    ],
  });
}

const SOMEBODY = `responsible!="nobody", ${NOT_OK}`;

const failing = (chosen: Chosen, before?: string): string =>
  chosen.requests(ON_TIME, ['responsible'], SOMEBODY, before);

const now = (chosen: Chosen) =>
  values(
    {
      title: 'Failing requests, by who must act',
      description: `Requests per second over the last ${chosen.promql.window('short')}, late ones aside. ${sentences()}`,
      unit: 'reqps',
      colors: RESPONSIBLE_COLORS,
      noValue: 'no requests',
    },
    { expr: failing(chosen), legend: '{{responsible}}' },
  );

const delta = (chosen: Chosen) =>
  values(
    {
      title: `The same, compared with ${chosen.promql.window('baseline')} ago`,
      description:
        'The same rates minus those at this time in the period before. Where there are no numbers from then, they count as none, and this is the whole rate.',
      unit: 'reqps',
      colors: RESPONSIBLE_COLORS,
      noValue: 'no requests',
    },
    {
      expr: `${failing(chosen)}
- (
  ${failing(chosen, chosen.promql.window('baseline'))}
  or
  ${failing(chosen)} * 0
)`,
      legend: '{{responsible}}',
    },
  );

const byResponsible = (chosen: Chosen) =>
  areas(
    {
      title: 'Failing requests over time, by who must act',
      description: `What the verdict says of each request that went wrong, late ones aside. ${sentences()}`,
      unit: 'reqps',
      colors: RESPONSIBLE_COLORS,
    },
    { expr: failing(chosen), legend: '{{responsible}}' },
  );

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

function hit(chosen: Chosen, label: string, metric: MetricDefinition, about: string) {
  const requests = `${chosen.increase(metric, ['vendor', label, 'verdict'])} > 0`;
  return matrix(
    {
      title: `Requests by ${label} and verdict`,
      description: `How many within the time of the dashboard. ${about}`,
      unit: 'short',
      colors: VERDICT_COLORS,
    },
    label,
    'verdict',
    { expr: joined(requests, label, ' / ', 'vendor', label) },
  );
}

const MADE_BY: Readonly<Record<Origin, string>> = {
  vendor: 'the storage API',
  gateway: 'the gateway',
  unknown: 'one of both',
};

const codes = (scope: DashboardScope, chosen: Chosen, origin: Origin): [number, ReturnType<typeof bars>] => [
  8,
  bars(
    {
      title: `Statuses made by ${MADE_BY[origin]}`,
      description:
        origin === 'unknown'
          ? 'Statuses of failed requests where the log does not say whether the API or the gateway made them.'
          : `Statuses of failed requests that ${MADE_BY[origin]} made, as the log shows.`,
      unit: 'reqps',
    },
    {
      expr: `${chosen.rate(LEDGER_METRICS.requests, ['vendor', 'code'], `origin="${origin}", ${NOT_OK}`)} > 0`,
      legend: '{{vendor}} {{code}}',
    },
  ).dataLinks(linksOfSeries(scope)),
];

function duration(chosen: Chosen, operation: 'read' | 'write') {
  const objective = chosen.promql.scope.objectives.latencySeconds[operation];
  return lines(
    {
      title: `Duration of ${operation}s, p95`,
      description: `Time that the gateway took for 95 % of the ${operation}s, where the log tells it; the dashed line is the objective.`,
      unit: 's',
    },
    {
      expr: chosen.quantile(0.95, LEDGER_METRICS.duration, ['vendor'], {
        matchers: `operation="${operation}"`,
      }),
      legend: '{{vendor}}',
    },
  )
    .thresholds(thresholds('transparent', [objective, 'red']))
    .thresholdsStyle(dashed());
}

const recovered = (scope: DashboardScope, chosen: Chosen) =>
  bars(
    {
      title: 'Failures that the gateway repaired',
      description:
        'Attempts that failed before another one went well; callers did not see them. Only logs that list every attempt show them.',
      unit: 'reqps',
    },
    {
      expr: `${chosen.rate(LEDGER_METRICS.recovered, ['vendor', 'code'])} > 0`,
      legend: '{{vendor}} {{code}}',
    },
  ).dataLinks(linksOfSeries(scope));

const sentences = (): string =>
  Object.entries(RESPONSIBLE)
    .filter(([responsible]) => responsible !== 'nobody')
    .map(([responsible, sentence]) => `${responsible}: ${sentence}`)
    .join(' ');
