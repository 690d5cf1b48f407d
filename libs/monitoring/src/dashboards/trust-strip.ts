import { LEDGER_METRICS } from '#metric-names';
import type { DashboardScope } from '../dashboard-scope.js';
import { line, section, type Section } from './layout.js';
import { NOT_MEASURABLE, shareOrNothing } from './not-measurable.js';
import { thresholds, values } from './panel.js';
import { Chosen } from './query.js';

/** The heading that every dashboard begins with. */
export const TRUST = 'Can I trust this?';

/** Evidence without which a judgement, a promise or a name is missing. */
const FIELDS = ['origin', 'retry_after', 'partial_success', 'error_code', 'duration', 'consumer'];

/** How fresh, how complete and how well founded everything below is. */
export function trustStrip(scope: DashboardScope): Section {
  const chosen = new Chosen(scope);
  return section(
    TRUST,
    line(4, [4, freshness(chosen)], [4, delay(chosen)], [4, rejected(chosen)], [12, coverage(chosen)]),
  );
}

function freshness(chosen: Chosen) {
  const { short, long } = chosen.promql.scope.objectives.windows;
  return values(
    {
      title: 'Newest line of the most silent source',
      description:
        'Age of the newest event of the source that has been silent for longest. A source that never sent a line is not among them: see the dashboard Pipeline.',
      unit: 's',
      noValue: 'no line yet',
    },
    {
      expr: `topk(1, time() - ${chosen.value(LEDGER_METRICS.lastEvent, ['source'])})`,
      legend: '{{source}}',
    },
  ).thresholds(thresholds('green', [short / 1000, 'yellow'], [long / 1000, 'red']));
}

const delay = (chosen: Chosen) =>
  values(
    {
      title: 'Delay of lines, p95',
      description:
        'From the time in the log line to the moment it was counted, for 95 % of the lines: what happened since may still be on its way.',
      unit: 's',
      noValue: 'no lines',
    },
    { expr: chosen.quantile(0.95, LEDGER_METRICS.delay, [], { span: '$__range' }), legend: 'p95' },
  ).thresholds(thresholds('green', [60, 'yellow'], [300, 'red']));

const rejected = (chosen: Chosen) =>
  values(
    {
      title: 'Lines that could not be read',
      description: 'Share of the lines that were rejected: nothing below knows of them.',
      unit: 'percentunit',
      noValue: 'no lines',
    },
    {
      expr: `${chosen.increase(LEDGER_METRICS.lines, [], 'outcome="rejected"')}
/ (${chosen.increase(LEDGER_METRICS.lines, [])} > 0)`,
      legend: 'rejected',
    },
  ).thresholds(thresholds('green', [0.001, 'yellow'], [0.01, 'red']));

function coverage(chosen: Chosen) {
  const lines = (matchers = ''): string =>
    chosen.increase(LEDGER_METRICS.evidence, ['field'], `field=~"${FIELDS.join('|')}"${matchers}`);
  return values(
    {
      title: 'Evidence that the logs show',
      description:
        'Share of the lines in which a field is logged, be it there or absent. A field that no line has is not measurable: what rests on it is unknown, not 0.',
      unit: 'percentunit',
      noValue: 'no lines',
    },
    { expr: shareOrNothing(lines(', state!="not_logged"'), lines()), legend: '{{field}}' },
  )
    .mappings([NOT_MEASURABLE])
    .thresholds(thresholds('yellow', [0.5, 'blue'], [0.99, 'green']));
}
