import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { LEDGER_METRICS, SCRAPED_METRICS } from '#metric-names';
import type { DashboardScope } from '../dashboard-scope.js';
import { AMPLIFICATION, EARLY_RETURNS, MAINTENANCE_AGE, RETRIES, promDuration } from '../promql.js';
import { dashboard } from './dashboard.js';
import { line, section } from './layout.js';
import { linksOfSeries } from './links.js';
import { NOT_MEASURABLE, shareOrNothing } from './not-measurable.js';
import { DISPOSITION_COLORS, ENDING_COLORS } from './palettes.js';
import { areas, bars, dashed, heatmap, lines, thresholds, values } from './panel.js';
import { Chosen, joined } from './query.js';
import { matrix } from './table.js';

/** What callers do after a status. */
export function retries(scope: DashboardScope): Dashboard {
  const chosen = new Chosen(scope);
  return dashboard(scope, {
    title: 'Retries',
    description: `What callers do after a status, inferred from the log and judged by the document of the vendor. All of it is ${lateAfter(chosen)} behind the other dashboards: late lines are waited for.`,
    from: 'now-6h',
    sections: [
      section(
        'What of this can be measured',
        line(5, [12, measurable(chosen)], [6, followedUntil(chosen)], [6, notFollowed(chosen)]),
      ),
      section(
        'What is sent again',
        line(9, [12, dispositions(chosen)], [12, shares(chosen)]),
        line(9, [12, consumers(chosen)], [12, codes(chosen)]),
      ),
      section(
        'Whether callers wait',
        line(5, [12, early(chosen)], [12, waits(chosen)]),
        line(9, [14, ratios(chosen)], [10, missing(scope, chosen)]),
      ),
      section(
        'Storms',
        line(9, [12, amplification(chosen)], [12, herd(chosen)]),
        line(9, [12, chains(chosen)], [12, chainLengths(chosen)]),
      ),
      section(
        'Writes of unknown outcome',
        line(8, [12, unknownWrites(scope, chosen)], [12, repeatedWrites(scope, chosen)]),
      ),
      section(
        'Jobs',
        line(5, [24, jobEndings(chosen)]),
        line(8, [8, jobs(chosen)], [8, polls(chosen)], [8, firstPoll(chosen)]),
      ),
      section(
        'Sessions, credentials and maintenance',
        line(8, [8, openSessions(chosen)], [8, sessions(chosen)], [8, authentication(chosen)]),
        line(5, [24, maintenance(chosen)]),
      ),
    ],
  });
}

const lateAfter = ({ promql }: Chosen): string => promDuration(promql.scope.lateAfterMs);

const SAYS =
  'allowed: it may be sent again; wait_first: after the promised wait; change_first: once something has been put right; never: it will not go better; undocumented: nothing is said.';

/** Without them something on this dashboard is not known, or less well. */
const FIELDS = {
  retry_after: 'waits',
  location: 'which job a request made',
  request_bytes: 'whether a request was changed before it was repeated',
  consumer: 'who it was',
} as const;

/** Only of sources whose lines have a field, be it there or absent: of the others nobody knows. */
const whereLogged = (chosen: Chosen, field: string, expr: string): string => `${expr}
and on (source)
${chosen.increase(LEDGER_METRICS.evidence, ['source'], `field="${field}", state!="not_logged"`)} > 0`;

function measurable(chosen: Chosen) {
  const fields = `field=~"${Object.keys(FIELDS).join('|')}"`;
  const lines = (matchers = ''): string =>
    chosen.increase(LEDGER_METRICS.evidence, ['field'], `${fields}${matchers}`);
  const needs = Object.entries(FIELDS).map(([field, what]) => `${field}: ${what}`);
  return values(
    {
      title: 'Evidence that the logs show',
      description: `Share of the lines in which a field is logged, be it there or absent. What it tells: ${needs.join('; ')}. Where no line has it, that is not measurable: it is unknown, not 0.`,
      unit: 'percentunit',
      noValue: 'not measurable',
    },
    { expr: shareOrNothing(lines(', state!="not_logged"'), lines()), legend: '{{field}}' },
  )
    .mappings([NOT_MEASURABLE])
    .thresholds(thresholds('yellow', [0.5, 'blue'], [0.99, 'green']));
}

function followedUntil(chosen: Chosen) {
  const { lateAfterMs, objectives } = chosen.promql.scope;
  const due = lateAfterMs / 1000;
  return values(
    {
      title: 'Callers are followed until so long ago',
      description: `Of the source that is farthest behind; at least ${lateAfter(chosen)}, for late lines are waited for. A source that is silent stays where it was.`,
      unit: 's',
      noValue: 'not measurable',
    },
    {
      expr: `topk(1, time() - ${chosen.value(LEDGER_METRICS.conductSettled, ['source'])})`,
      legend: '{{source}}',
    },
  ).thresholds(
    thresholds(
      'green',
      [due + objectives.windows.short / 1000, 'yellow'],
      [due + objectives.windows.medium / 1000, 'red'],
    ),
  );
}

const notFollowed = (chosen: Chosen) =>
  values(
    {
      title: 'Requests whose callers cannot be followed',
      description:
        'Share within the time of the dashboard, by reason: what the line lacks (no_time, no_client, no_path), when it came (late, future), or that memory was too small (evicted).',
      unit: 'percentunit',
      noValue: 'not measurable',
    },
    {
      expr: `${chosen.increase(LEDGER_METRICS.conductSkipped, ['reason'])}
/ on () group_left ()
(${chosen.increase(LEDGER_METRICS.lines, [], 'outcome="classified"')} > 0)`,
      legend: '{{reason}}',
    },
  ).thresholds(thresholds('green', [0.01, 'yellow'], [0.1, 'red']));

const dispositions = (chosen: Chosen) =>
  areas(
    {
      title: 'Retries by what the document says of them',
      description: `Requests that repeat one that was not ok. ${SAYS}`,
      unit: 'reqps',
      colors: DISPOSITION_COLORS,
    },
    { expr: chosen.rate(LEDGER_METRICS.retries, ['disposition']), legend: '{{disposition}}' },
  );

const shares = (chosen: Chosen) =>
  lines(
    {
      title: 'Share of the requests that are retries',
      description: `Of the source and vendor with the highest share, by what the document says. ${SAYS}`,
      unit: 'percentunit',
      colors: DISPOSITION_COLORS,
    },
    { expr: `max by (disposition) (${chosen.ratio(RETRIES)})`, legend: '{{disposition}}' },
  );

const consumers = (chosen: Chosen) =>
  matrix(
    {
      title: 'Retries of the consumers that repeat most',
      description: `How many within the time of the dashboard. Consumers are named in the settings; the rest is "other". ${SAYS}`,
      unit: 'short',
      colors: DISPOSITION_COLORS,
    },
    'consumer',
    'disposition',
    {
      expr: joined(
        `topk by (disposition) (10, ${chosen.increase(LEDGER_METRICS.consumerRetries, ['vendor', 'consumer', 'disposition'])} > 0)`,
        'consumer',
        ' / ',
        'vendor',
        'consumer',
      ),
    },
  );

const codes = (chosen: Chosen) =>
  matrix(
    {
      title: 'Retries by the status before',
      description: `How many within the time of the dashboard, after which status of which vendor. ${SAYS}`,
      unit: 'short',
      colors: DISPOSITION_COLORS,
    },
    'previous_code',
    'disposition',
    {
      expr: joined(
        `${chosen.increase(LEDGER_METRICS.retries, ['vendor', 'previous_code', 'disposition'])} > 0`,
        'previous_code',
        ' ',
        'vendor',
        'previous_code',
      ),
    },
  );

const early = (chosen: Chosen) =>
  values(
    {
      title: 'Callers that came back early, by source',
      description:
        'Share of those that came back before the promised wait was over, of those that came back; who never did counts neither way. Not measurable where Retry-After is not logged, or nobody was told to wait.',
      unit: 'percentunit',
      noValue: 'not measurable',
    },
    {
      expr: `max by (source) (${chosen.ratio(EARLY_RETURNS)})
or
${chosen.increase(LEDGER_METRICS.evidence, ['source'], 'field="retry_after"')} * NaN`,
      legend: '{{source}}',
    },
  )
    .mappings([NOT_MEASURABLE])
    .thresholds(thresholds('green', [chosen.promql.scope.objectives.callers.earlyReturns, 'red']));

const waits = (chosen: Chosen) =>
  values(
    {
      title: 'Promised waits by what became of them',
      description:
        'How many within the time of the dashboard: kept, cut short by a caller that came back early, or never used, since the caller did not come back.',
      unit: 'short',
      colors: ENDING_COLORS,
      noValue: 'not measurable',
    },
    {
      expr: `sum by (outcome) (
  ${whereLogged(chosen, 'retry_after', chosen.increase(LEDGER_METRICS.retryWaits, ['source', 'outcome']))}
)`,
      legend: '{{outcome}}',
    },
  );

const ratios = (chosen: Chosen) =>
  heatmap(
    {
      title: 'Waited, in parts of what was promised',
      description:
        'Of the callers that came back: below 1 they were early. Many at exactly 1 are a herd. Empty where Retry-After is not logged: that is not measurable.',
      unit: 'suffix:×',
    },
    { expr: chosen.buckets(LEDGER_METRICS.retryWaitRatio), legend: '{{le}}' },
  );

const missing = (scope: DashboardScope, chosen: Chosen) =>
  bars(
    {
      title: 'Promised by the document, and missing',
      description:
        'Statuses of which the document promises a Retry-After that the answer did not have. Logs without the header cannot show this: not measurable, not 0.',
      unit: 'reqps',
      noValue: 'none, or not measurable',
    },
    {
      expr: `${chosen.rate(LEDGER_METRICS.retryAfterMissing, ['vendor', 'code'])} > 0`,
      legend: '{{vendor}} {{code}}',
    },
  ).dataLinks(linksOfSeries(scope));

const amplification = (chosen: Chosen) =>
  lines(
    {
      title: 'Requests for each operation',
      description: `Requests / (requests − retries) over ${chosen.promql.window('short')}, by vendor: 1 without retries, at most 100. Above the dashed line it is a storm, if much fails besides.`,
      unit: 'suffix:×',
    },
    { expr: `max by (vendor) (${chosen.ratio(AMPLIFICATION)})`, legend: '{{vendor}}' },
  )
    .thresholds(thresholds('transparent', [chosen.promql.scope.objectives.callers.amplification, 'red']))
    .thresholdsStyle(dashed());

const herd = (chosen: Chosen) =>
  lines(
    {
      title: 'Share of the retries that come in the same second',
      description:
        'Of the retries after promised waits in the last five minutes, the part in the busiest second. Few retries make it high by chance. Not measurable where Retry-After is not logged.',
      unit: 'percentunit',
    },
    {
      expr: `max by (vendor) (
  ${whereLogged(chosen, 'retry_after', chosen.value(LEDGER_METRICS.retryHerd, ['source', 'vendor']))}
)`,
      legend: '{{vendor}}',
    },
  )
    .thresholds(thresholds('transparent', [chosen.promql.scope.objectives.callers.herd, 'red']))
    .thresholdsStyle(dashed());

const CHAINS = { ...LEDGER_METRICS.retryChains, name: `${LEDGER_METRICS.retryChains.name}_count` };

const chains = (chosen: Chosen) =>
  areas(
    {
      title: 'How operations ended that had failed once',
      description:
        'Those that recovered went well at last; exhausted: the caller gave up after retries; abandoned: without one though the document allows it; heeded: it was not to be repeated, and was not.',
      unit: 'reqps',
      colors: ENDING_COLORS,
    },
    { expr: chosen.rate(CHAINS, ['outcome']), legend: '{{outcome}}' },
  );

const chainLengths = (chosen: Chosen) =>
  lines(
    {
      title: 'Requests that such an operation took, p95, by how it ended',
      description: 'From the first failure on, with that one, for 95 % of them.',
      unit: 'short',
      colors: ENDING_COLORS,
    },
    {
      expr: chosen.quantile(0.95, LEDGER_METRICS.retryChains, ['outcome'], { span: '$__range' }),
      legend: '{{outcome}}',
    },
  );

const unknownWrites = (scope: DashboardScope, chosen: Chosen) =>
  bars(
    {
      title: 'Writes whose outcome nobody told',
      description: 'Writes that ended in a timeout, a bad gateway or an abort: they may have happened.',
      unit: 'reqps',
      noValue: 'none',
    },
    {
      expr: `${chosen.rate(LEDGER_METRICS.unknownWrites, ['vendor', 'code'])} > 0`,
      legend: '{{vendor}} {{code}}',
    },
  ).dataLinks(linksOfSeries(scope));

const repeatedWrites = (scope: DashboardScope, chosen: Chosen) =>
  bars(
    {
      title: 'Those of them that were sent again',
      description:
        'What they make may be there twice. The requests with their ids: npx statuslens suspects. Without request_bytes in the log another write to the same path looks like the same.',
      unit: 'reqps',
      noValue: 'none',
    },
    {
      expr: `${chosen.rate(LEDGER_METRICS.repeatedWrites, ['vendor', 'code'])} > 0`,
      legend: '{{vendor}} {{code}}',
    },
  ).dataLinks(linksOfSeries(scope));

const jobEndings = (chosen: Chosen) =>
  values(
    {
      title: 'Accepted requests by what became of their jobs, as far as callers asked',
      description:
        'How many within the time of the dashboard: asked for, never asked for, or gone when somebody asked. not_measurable: the document names no place to ask. How a job ended stands in a body that no log has. Where Location is not logged the next question of the caller is taken for that job.',
      unit: 'short',
      colors: ENDING_COLORS,
      noValue: 'not measurable',
    },
    { expr: chosen.increase(LEDGER_METRICS.jobs, ['outcome']), legend: '{{outcome}}' },
  );

const jobs = (chosen: Chosen) =>
  bars(
    {
      title: 'Jobs over time, and polls too fast',
      description:
        'Polls are too fast if they follow the one before faster than conduct.poll_interval: load that ends no job sooner.',
      unit: 'reqps',
      colors: { ...ENDING_COLORS, 'polls too fast': 'purple' },
    },
    { expr: chosen.rate(LEDGER_METRICS.jobs, ['outcome']), legend: '{{outcome}}' },
    { expr: chosen.rate(LEDGER_METRICS.jobFastPolls, []), legend: 'polls too fast' },
  );

const polls = (chosen: Chosen) =>
  lines(
    {
      title: 'Polls for a job, p50 and p95',
      description: 'How often callers asked for a job until they stopped.',
      unit: 'short',
    },
    ...[0.5, 0.95].map((share) => ({
      expr: chosen.quantile(share, LEDGER_METRICS.jobPolls, ['vendor']),
      legend: `{{vendor}} p${share * 100}`,
    })),
  );

const firstPoll = (chosen: Chosen) =>
  lines(
    {
      title: 'From the acceptance to the first poll, p50 and p95',
      description: 'Of the jobs that somebody asked for.',
      unit: 's',
    },
    ...[0.5, 0.95].map((share) => ({
      expr: chosen.quantile(share, LEDGER_METRICS.jobFirstPoll, ['vendor']),
      legend: `{{vendor}} p${share * 100}`,
    })),
  );

const openSessions = (chosen: Chosen) =>
  lines(
    {
      title: 'Open sessions and their limit',
      description:
        'Sessions that seem to be open, of the ten devices with most, and how many the document allows. Vendors whose document names no idle time have none here: not measurable.',
      unit: 'short',
    },
    {
      expr: `topk(10, ${chosen.value(LEDGER_METRICS.sessionsOpen, ['vendor', 'device'])})`,
      legend: '{{vendor}} {{device}}',
    },
    { expr: chosen.value(SCRAPED_METRICS.sessionLimit, ['vendor']), legend: '{{vendor}} limit' },
  );

const sessions = (chosen: Chosen) =>
  bars(
    {
      title: 'Sessions by what became of them',
      description: 'Opened, closed, and left open: nobody closed it, and its caller was not seen again.',
      unit: 'cps',
      colors: ENDING_COLORS,
    },
    { expr: chosen.rate(LEDGER_METRICS.sessions, ['outcome']), legend: '{{outcome}}' },
  );

const authentication = (chosen: Chosen) =>
  bars(
    {
      title: 'Refused credentials',
      description:
        'Runs of 401: renewed, because a token had expired and the caller got in again; or broken.',
      unit: 'cps',
      colors: ENDING_COLORS,
    },
    { expr: chosen.rate(LEDGER_METRICS.authentication, ['outcome']), legend: '{{outcome}}' },
  );

const maintenance = (chosen: Chosen) =>
  values(
    {
      title: 'Devices that seem to be under maintenance, and for how long',
      description: `Everything that several callers ask of them is answered 503. Pages about that wait, for ${promDuration(chosen.promql.scope.objectives.maintenanceMs)} at most. An API that is down looks the same.`,
      unit: 's',
      noValue: 'none',
    },
    { expr: chosen.recorded(MAINTENANCE_AGE), legend: '{{vendor}} {{device}}' },
  ).thresholds(thresholds('orange'));
