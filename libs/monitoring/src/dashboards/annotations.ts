import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { INGEST_METRICS, SCRAPED_METRICS, WORKER_METRICS, type MetricDefinition } from '#metric-names';
import { DATASOURCE } from './variables.js';

/** One evaluation of an annotation a minute, or a step of the graph where that is longer. */
const STEP = '1m';
/** So long may statuslens be away and still be compared with what it was before. */
const REMEMBERED = '1h';

interface Mark {
  readonly name: string;
  readonly color: string;
  readonly expr: string;
  readonly title: string;
  readonly text: string;
  /** The value is the moment, in epoch milliseconds. */
  readonly valueIsTime?: boolean;
}

/** What statuslens itself went through: what counts differently afterwards, and why. */
const MARKS: readonly Mark[] = [
  {
    name: 'Documents',
    color: 'blue',
    expr: appeared(SCRAPED_METRICS.catalogueInfo),
    title: 'another document: {{vendor}}',
    text: '{{document}} ({{revision}})',
  },
  {
    name: 'Version',
    color: 'green',
    expr: appeared(SCRAPED_METRICS.buildInfo),
    title: 'another version of statuslens',
    text: '{{version}}',
  },
  {
    name: 'Settings of rules',
    color: 'orange',
    expr: appeared(SCRAPED_METRICS.rulesInfo),
    title: 'rules would be other ones now',
    text: 'revision {{revision}}: run statuslens rules again',
  },
  {
    name: 'Reload',
    color: 'purple',
    expr: restarts(),
    title: 'reload: {{instance}} started',
    text: 'settings and vendor files were read again',
    valueIsTime: true,
  },
];

/** The marks on every dashboard. */
export const annotations = (): AnnotationQueryBuilder[] => MARKS.map(annotation);

function annotation({ name, color, expr, title, text, valueIsTime }: Mark): AnnotationQueryBuilder {
  const query = new DataqueryBuilder().refId('Anno').datasource(DATASOURCE).expr(expr).range().interval(STEP);
  const built = new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor(color)
    .target(query)
    // where Grafana before 11.3 looks for the query
    .expr(expr)
    .step(STEP)
    .titleFormat(title)
    .textFormat(text);
  return valueIsTime ? built.useValueForTime(true) : built;
}

/** Series that are new, where others of the metric were there before: the first ones are no change. */
function appeared({ name, labels }: MetricDefinition): string {
  const by = labels.join(', ');
  const before = `last_over_time(${name}[${REMEMBERED}] offset $__interval)`;
  return `max by (${by}) (${name})
unless
max by (${by}) (${before})
and on ()
group(${before})`;
}

/** When processes of statuslens started, if that was within the time of the dashboard. */
function restarts(): string {
  const ours = [
    SCRAPED_METRICS.buildInfo.name,
    INGEST_METRICS.requests.name,
    `${WORKER_METRICS.batchDuration.name}_count`,
  ];
  return `max by (job, instance) (process_start_time_seconds) * 1000 > $__from
and on (instance)
(${ours.map((name) => `group by (instance) (${name})`).join(' or ')})`;
}
