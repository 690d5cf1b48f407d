import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { allowedShare } from '../burning.js';
import type { DashboardScope } from '../dashboard-scope.js';
import { BUDGETS, BUDGET_NAMES, type Budget } from '../objectives.js';
import { ALL_REQUESTS, BUDGET_ERRORS, BUDGET_REMAINING, NOT_OK, promDuration } from '../promql.js';
import { dashboard } from './dashboard.js';
import { line, section } from './layout.js';
import { BUDGET_COLORS } from './palettes.js';
import { bars, dashed, lines, thresholds, values } from './panel.js';
import { Chosen, joined } from './query.js';
import { matrix } from './table.js';

/** What is left of the budgets, how fast they burn, and who burns them. */
export function slo(scope: DashboardScope): Dashboard {
  const chosen = new Chosen(scope);
  const [vendor, gateway, caller, throttled] = BUDGET_NAMES.map((budget) => burning(chosen, budget));
  return dashboard(scope, {
    title: 'SLO',
    description: `Error budgets over ${promDuration(scope.objectives.slo.periodMs)}. ${targets(scope)}`,
    from: 'now-24h',
    sections: [
      section(
        'What is left',
        line(5, [24, left(chosen)]),
        line(8, [12, leftOverTime(chosen)], [12, leftBySource(chosen)]),
      ),
      section(
        'How fast they burn',
        line(8, [12, vendor!], [12, gateway!]),
        line(8, [12, caller!], [12, throttled!]),
      ),
      section('What burns them', line(8, [12, bad(chosen)], [12, badShare(chosen)])),
    ],
  });
}

/** `vendor 99.9 %` and so on. */
const targets = ({ objectives }: DashboardScope): string =>
  `Objectives: ${BUDGET_NAMES.map((budget) => `${budget} ${percent(objectives.slo.targets[budget])}`).join(', ')}.`;

const percent = (share: number): string => `${Number((100 * share).toFixed(4))} %`;

const remaining = (chosen: Chosen, ...labels: string[]): string =>
  `min by (${labels.join(', ')}) (${chosen.recorded(BUDGET_REMAINING)})`;

const TOO_FEW =
  'Nothing is shown where there were too few requests in the period: no data is not an objective that was met.';

const left = (chosen: Chosen) =>
  values(
    {
      title: 'Least of each budget that is left',
      description: `Of the source and vendor that have least left. ${TOO_FEW}`,
      unit: 'percentunit',
      noValue: 'not measurable',
    },
    { expr: remaining(chosen, 'budget'), legend: '{{budget}}' },
  ).thresholds(thresholds('red', [0, 'orange'], [0.25, 'green']));

const leftOverTime = (chosen: Chosen) =>
  lines(
    {
      title: 'Least of each budget that is left, over time',
      description: `Below 0, the objective is missed. ${TOO_FEW}`,
      unit: 'percentunit',
      colors: BUDGET_COLORS,
    },
    { expr: remaining(chosen, 'budget'), legend: '{{budget}}' },
  )
    .thresholds(thresholds('transparent', [0, 'red']))
    .thresholdsStyle(dashed());

const leftBySource = (chosen: Chosen) =>
  matrix(
    {
      title: 'Budgets that are left, by source and vendor',
      description: TOO_FEW,
      unit: 'percentunit',
      colors: BUDGET_COLORS,
    },
    'source',
    'budget',
    {
      expr: joined(remaining(chosen, 'source', 'vendor', 'budget'), 'source', ' / ', 'source', 'vendor'),
    },
  );

function burning(chosen: Chosen, budget: Budget) {
  const { burnWindows, targets } = chosen.promql.scope.objectives.slo;
  const windows = [...new Set(burnWindows.flatMap(({ longMs, shortMs }) => [shortMs, longMs]))];
  const factors = [...new Set(burnWindows.map(({ factor }) => factor))].sort((a, b) => a - b);
  return lines(
    {
      title: `Burn rate of the budget "${budget}"`,
      description: `How many times too fast it burns over each window, for the source and vendor that burn it fastest; at 1 it lasts exactly its period. Objective: ${percent(targets[budget])} of the requests. The dashed lines are the rates that alerts tell.`,
      unit: 'suffix:×',
    },
    ...windows
      .sort((a, b) => a - b)
      .map((windowMs) => ({
        expr: burnRate(chosen, budget, windowMs),
        legend: promDuration(windowMs),
      })),
  )
    .thresholds(thresholds('transparent', ...factors.map((factor): [number, string] => [factor, 'orange'])))
    .thresholdsStyle(dashed());
}

function burnRate(chosen: Chosen, budget: Budget, windowMs: number): string {
  const errors = `${BUDGET_ERRORS}:ratio_rate${promDuration(windowMs)}`;
  return `max(${chosen.recorded(errors, `budget="${budget}"`)}) / ${allowedShare(chosen.promql, budget)}`;
}

const badRequests = (chosen: Chosen, budget: Budget): string =>
  chosen.requests(ALL_REQUESTS, [], `responsible=~"${BUDGETS[budget].burnedBy.join('|')}", ${NOT_OK}`);

const bad = (chosen: Chosen) =>
  bars(
    {
      title: 'Bad requests by budget',
      description:
        'Requests per second that burn each budget. Undocumented statuses burn none: nobody knows whose they are.',
      unit: 'reqps',
      colors: BUDGET_COLORS,
    },
    ...BUDGET_NAMES.map((budget) => ({ expr: badRequests(chosen, budget), legend: budget })),
  );

const badShare = (chosen: Chosen) =>
  lines(
    {
      title: 'Share of bad requests by budget',
      description: 'Of all requests but those that were merely accepted: how they end is not in this log.',
      unit: 'percentunit',
      colors: BUDGET_COLORS,
    },
    ...BUDGET_NAMES.map((budget) => ({
      expr: `${badRequests(chosen, budget)}
/ (${chosen.requests(ALL_REQUESTS, [], 'verdict!="accepted"')} > 0)`,
      legend: budget,
    })),
  );
