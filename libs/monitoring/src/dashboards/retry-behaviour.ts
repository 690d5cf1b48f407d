import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { ACTIONS } from '#catalogue';
import { LEDGER_METRICS } from '#metric-names';
import type { DashboardScope } from '../dashboard-scope.js';
import { missingPromises } from '../missing-promises.js';
import { dashboard } from './dashboard.js';
import { line, section } from './layout.js';
import { linksOfSeries } from './links.js';
import { ACTION_COLORS, RESPONSIBLE_COLORS } from './palettes.js';
import { areas, bars, heatmap, lines, values } from './panel.js';
import { Chosen } from './query.js';

/** What callers are told to do after a failure, and whether they are told when. */
export function retryBehaviour(scope: DashboardScope): Dashboard {
  const chosen = new Chosen(scope);
  return dashboard(scope, {
    title: 'Retry behaviour',
    description: 'What callers are told to do after a failure, and whether they are told when.',
    from: 'now-6h',
    sections: [
      section(
        'What callers should do',
        line(5, [24, actionsNow(chosen)]),
        line(9, [12, actions(chosen)], [12, again(chosen)]),
      ),
      section('How long they are told to wait', line(9, [14, promised(chosen)], [10, quantiles(chosen)])),
      section(
        'Where promises end',
        line(8, [8, throttled(chosen)], [8, missing(scope, chosen)], [8, recovered(scope, chosen)]),
      ),
    ],
  });
}

const sentences = Object.entries(ACTIONS)
  .map(([action, sentence]) => `${action}: ${sentence}`)
  .join(' ');

const actionsNow = (chosen: Chosen) =>
  values(
    {
      title: 'Requests by what the caller should do',
      description: `How many within the time of the dashboard. ${sentences}`,
      unit: 'short',
      colors: ACTION_COLORS,
      noValue: 'no requests',
    },
    { expr: chosen.increase(LEDGER_METRICS.requests, ['action']), legend: '{{action}}' },
  );

const actions = (chosen: Chosen) =>
  areas(
    {
      title: 'What callers should do, over time',
      description: `What the document orders after each status; requests with nothing to do are left out. ${sentences}`,
      unit: 'reqps',
      colors: ACTION_COLORS,
    },
    {
      expr: chosen.rate(LEDGER_METRICS.requests, ['action'], 'action!="none"'),
      legend: '{{action}}',
    },
  );

/** Whether sending the same request again can help at all. */
const again = (chosen: Chosen) =>
  lines(
    {
      title: 'Failures that sending again can heal',
      description:
        'Share of the failed requests after which the document tells the caller to send the same request again. Retries of the others are load without a chance.',
      unit: 'percentunit',
    },
    {
      expr: `${chosen.rate(LEDGER_METRICS.requests, ['vendor'], 'action=~"wait_retry_after|retry_later"')}
/ (${chosen.rate(LEDGER_METRICS.requests, ['vendor'], 'verdict!~"ok|accepted"')} > 0)`,
      legend: '{{vendor}}',
    },
  );

const promised = (chosen: Chosen) =>
  heatmap(
    {
      title: 'Promised waits',
      description: 'Retry-After of the answers, where it is logged: how many were told to wait how long.',
      unit: 's',
    },
    { expr: chosen.buckets(LEDGER_METRICS.retryAfter), legend: '{{le}}' },
  );

const quantiles = (chosen: Chosen) =>
  lines(
    {
      title: 'Promised waits, p50 and p95',
      description:
        'Half of the answers with Retry-After, and 95 % of them, promise no longer wait than this.',
      unit: 's',
    },
    ...[0.5, 0.95].map((share) => ({
      expr: chosen.quantile(share, LEDGER_METRICS.retryAfter, ['vendor']),
      legend: `{{vendor}} p${share * 100}`,
    })),
  );

const throttled = (chosen: Chosen) =>
  bars(
    {
      title: 'Throttled requests, by who must act',
      description: 'Requests over a quota of the vendor or of the gateway.',
      unit: 'reqps',
      colors: RESPONSIBLE_COLORS,
    },
    {
      expr: chosen.rate(LEDGER_METRICS.requests, ['responsible'], 'reason="throttled"'),
      legend: '{{responsible}}',
    },
  );

const missing = (scope: DashboardScope, chosen: Chosen) =>
  bars(
    {
      title: 'Promises missing',
      description:
        'Statuses for which the document promises Retry-After, but which came without it. Logs that do not have the header cannot show this.',
      unit: 'reqps',
    },
    {
      expr: chosen.rate(LEDGER_METRICS.requests, ['vendor', 'code'], missingPromises(chosen.promql)),
      legend: '{{vendor}} {{code}}',
    },
  ).dataLinks(linksOfSeries(scope));

const recovered = (scope: DashboardScope, chosen: Chosen) =>
  bars(
    {
      title: 'Failures that the gateway repaired',
      description:
        'Attempts that failed before another one of the gateway went well: retries that callers did not have to make.',
      unit: 'reqps',
    },
    {
      expr: `${chosen.rate(LEDGER_METRICS.recovered, ['vendor', 'code'])} > 0`,
      legend: '{{vendor}} {{code}}',
    },
  ).dataLinks(linksOfSeries(scope));
