import { MappingType, type Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { INGEST_METRICS, LEDGER_METRICS, SCRAPED_METRICS, WORKER_METRICS } from '#metric-names';
import { missingBatches } from '../batch-law.js';
import type { DashboardScope } from '../dashboard-scope.js';
import { dashboard } from './dashboard.js';
import { line, section } from './layout.js';
import { EVIDENCE_COLORS, OUTCOME_COLORS } from './palettes.js';
import { areas, bars, lines, thresholds, values } from './panel.js';
import { Chosen, joined } from './query.js';
import { matrix, table } from './table.js';

/** Whether every line arrives, is read, and is counted once. */
export function pipeline(scope: DashboardScope): Dashboard {
  const chosen = new Chosen(scope);
  return dashboard(scope, {
    title: 'Pipeline',
    description: 'Whether every line arrives, is read, and is counted once.',
    from: 'now-3h',
    sections: [
      section(
        'Sources',
        line(8, [24, sources(chosen)]),
        line(8, [8, lineOutcomes(chosen)], [8, rejections(chosen)], [8, late(chosen)]),
        line(8, [12, delays(chosen)], [12, evidence(chosen)]),
      ),
      section('Ingest', line(8, [8, answers(chosen)], [8, dropped(chosen)], [8, bytes(chosen)])),
      section(
        'Queue and workers',
        line(8, [8, batches(chosen)], [8, queue(chosen)], [8, oldest(chosen)]),
        line(8, [8, queuedBytes(chosen)], [8, batchDuration(chosen)], [8, dead(chosen)]),
      ),
      section(
        'Nothing lost, nothing twice',
        line(8, [6, law(chosen)], [6, persistence(chosen)], [12, memory(chosen)]),
        line(8, [12, repeats(chosen)], [12, claims(chosen)]),
      ),
    ],
  });
}

function sources(chosen: Chosen) {
  const { lines: all, lateLines, lastEvent } = LEDGER_METRICS;
  const share = (part: string, matchers = ''): string => `${part}
/ (${chosen.increase(all, ['source'], matchers)} > 0)`;
  return table(
    {
      title: 'Sources',
      description:
        'Age of the newest line and how long the source may be silent; lines within the time of the dashboard, and which share of them was rejected or late. An empty cell: nothing to measure.',
      unit: 's',
    },
    ['source'],
    { name: 'newest line', expr: `time() - ${chosen.value(lastEvent, ['source'])}` },
    { name: 'heartbeat', expr: chosen.value(SCRAPED_METRICS.heartbeat, ['source']) },
    { name: 'lines', unit: 'short', expr: chosen.increase(all, ['source']) },
    {
      name: 'rejected',
      unit: 'percentunit',
      expr: share(chosen.increase(all, ['source'], 'outcome="rejected"')),
    },
    {
      name: 'late',
      unit: 'percentunit',
      expr: share(chosen.increase(lateLines, ['source']), 'outcome="classified"'),
    },
  );
}

const lineOutcomes = (chosen: Chosen) =>
  areas(
    {
      title: 'Lines by outcome',
      description:
        'Classified lines are requests. Ignored ones have no status, or are no traffic of callers by the settings. Rejected ones could not be read.',
      unit: 'cps',
      colors: OUTCOME_COLORS,
    },
    { expr: chosen.rate(LEDGER_METRICS.lines, ['outcome']), legend: '{{outcome}}' },
  );

const rejections = (chosen: Chosen) =>
  bars(
    {
      title: 'Rejected lines by reason',
      description: 'The log of the worker shows one line of each reason and batch.',
      unit: 'cps',
      noValue: 'none',
    },
    { expr: `${chosen.rate(LEDGER_METRICS.rejected, ['reason'])} > 0`, legend: '{{reason}}' },
  );

const late = (chosen: Chosen) =>
  lines(
    {
      title: 'Lines out of their time',
      description:
        'Late: older than late_after when they were counted; they count, but alert nobody. From the future: a clock or a time zone is wrong.',
      unit: 'cps',
    },
    { expr: chosen.rate(LEDGER_METRICS.lateLines, ['source']), legend: '{{source}} late' },
    { expr: chosen.rate(LEDGER_METRICS.futureLines, ['source']), legend: '{{source}} from the future' },
  );

const delays = (chosen: Chosen) =>
  lines(
    {
      title: 'Delay of lines, p50, p95 and p99',
      description: 'From the time in the log line to the moment it was counted.',
      unit: 's',
    },
    ...[0.5, 0.95, 0.99].map((share) => ({
      expr: chosen.quantile(share, LEDGER_METRICS.delay, ['source']),
      legend: `{{source}} p${share * 100}`,
    })),
  );

/** Shares of states add up to 1 in every row. */
function evidence(chosen: Chosen) {
  const labels = ['source', 'field'];
  const states = chosen.increase(LEDGER_METRICS.evidence, [...labels, 'state']);
  const share = `${states}
/ on (${labels.join(', ')}) group_left ()
(${chosen.increase(LEDGER_METRICS.evidence, labels)} > 0)`;
  return matrix(
    {
      title: 'Evidence by source and field',
      description:
        'Share of the lines that show a field, show that it was absent, or do not have it. What is not logged is not measurable: judgements that would need it are conditional.',
      unit: 'percentunit',
      colors: EVIDENCE_COLORS,
    },
    'field',
    'state',
    { expr: joined(`${share} > 0`, 'field', ' / ', 'source', 'field') },
  );
}

const answers = (chosen: Chosen) =>
  bars(
    {
      title: 'What senders were told',
      description:
        'Answers of ingest by protocol and status: 202 is stored safely; 503 asks to come again; 401, 404 and 413 are mistakes of the sender.',
      unit: 'reqps',
    },
    {
      expr: chosen.rateOfProcesses(INGEST_METRICS.requests, ['protocol', 'code']),
      legend: '{{protocol}} {{code}}',
    },
  );

const dropped = (chosen: Chosen) =>
  bars(
    {
      title: 'Lines dropped on their way in',
      description:
        'Of senders that wait for no answer (syslog, TCP lines), by reason: lost for good. Shippers that are acknowledged send again instead.',
      unit: 'cps',
      noValue: 'none',
    },
    {
      expr: `${chosen.rateOfProcesses(INGEST_METRICS.droppedLines, ['protocol', 'reason'])} > 0`,
      legend: '{{protocol}} {{reason}}',
    },
  );

const bytes = (chosen: Chosen) =>
  lines(
    {
      title: 'Bytes by outcome of their batch',
      description: 'As they were received, mostly compressed.',
      unit: 'Bps',
      colors: OUTCOME_COLORS,
    },
    { expr: chosen.rate(LEDGER_METRICS.batchBytes, ['outcome']), legend: '{{outcome}}' },
  );

const batches = (chosen: Chosen) =>
  lines(
    {
      title: 'Batches by outcome',
      description:
        'Accepted = committed + duplicate + dead + those still queued. Redelivered ones had been counted already, and count once all the same.',
      unit: 'cps',
      colors: { ...OUTCOME_COLORS, redelivered: 'orange' },
    },
    { expr: chosen.rate(LEDGER_METRICS.batches, ['outcome']), legend: '{{outcome}}' },
    { expr: chosen.rate(LEDGER_METRICS.redeliveries, []), legend: 'redelivered' },
  );

const queue = (chosen: Chosen) =>
  areas(
    {
      title: 'Batches in the queue',
      description: 'Of all sources, by state. Failed ones stay there for inspection.',
      unit: 'short',
    },
    { expr: chosen.value(SCRAPED_METRICS.queueBatches, ['state']), legend: '{{state}}' },
  );

const oldest = (chosen: Chosen) =>
  lines(
    {
      title: 'Age of the oldest batch',
      description: 'How far the workers are behind; 0 when nothing waits.',
      unit: 's',
    },
    { expr: chosen.value(SCRAPED_METRICS.oldestBatchAge, []), legend: 'oldest' },
  );

const queuedBytes = (chosen: Chosen) =>
  areas(
    {
      title: 'Bytes in the queue',
      description: 'Of batches that are accepted and not counted yet.',
      unit: 'bytes',
    },
    { expr: chosen.value(SCRAPED_METRICS.queueBytes, []), legend: 'queued' },
  );

function batchDuration(chosen: Chosen) {
  const { name, ...rest } = WORKER_METRICS.batchDuration;
  const buckets = chosen.rateOfProcesses({ ...rest, name: `${name}_bucket` }, ['outcome', 'le']);
  return lines(
    {
      title: 'Duration of a batch in the worker, p95',
      description: 'From taking it off the queue to its commit, of all workers.',
      unit: 's',
      colors: OUTCOME_COLORS,
    },
    { expr: `histogram_quantile(0.95, ${buckets})`, legend: '{{outcome}}' },
  );
}

const dead = (chosen: Chosen) =>
  bars(
    {
      title: 'Dead batches by reason',
      description: 'Batches that can never be read, or whose bytes were lost: their lines are missing above.',
      unit: 'cps',
    },
    { expr: chosen.rate(LEDGER_METRICS.deadBatches, ['reason']), legend: '{{reason}}' },
  );

const law = (chosen: Chosen) =>
  values(
    {
      title: 'Batches that do not add up',
      description:
        'Accepted − committed − duplicate − dead − queued, of all sources: 0, or a few for a moment between two readings.',
      unit: 'short',
      noValue: 'not measurable',
    },
    { expr: missingBatches(chosen.promql), legend: 'missing' },
  ).thresholds(thresholds('red', [0, 'green'], [1, 'red']));

const persistence = (chosen: Chosen) =>
  values(
    {
      title: 'Redis writes its file',
      description: 'Whether what was acknowledged is on disk: the append-only file and its last write.',
      unit: 'short',
      noValue: 'not measurable',
    },
    { expr: chosen.value(SCRAPED_METRICS.redisPersistence, []), legend: 'persistence' },
  ).mappings([
    {
      type: MappingType.ValueToText,
      options: { 0: { text: 'no', color: 'red', index: 0 }, 1: { text: 'yes', color: 'green', index: 1 } },
    },
  ]);

const memory = (chosen: Chosen) =>
  lines(
    {
      title: 'Memory of Redis',
      description:
        'Used, and maxmemory where it has one: at the limit it refuses writes, and ingest senders.',
      unit: 'bytes',
      colors: { used: 'blue', limit: 'red' },
    },
    { expr: chosen.value(SCRAPED_METRICS.redisMemory, []), legend: 'used' },
    { expr: chosen.value(SCRAPED_METRICS.redisMemoryLimit, []), legend: 'limit' },
  );

const repeats = (chosen: Chosen) =>
  lines(
    {
      title: 'How long a repeat is recognised',
      description:
        'A batch whose sender repeats its Idempotency-Key within this time counts once. It is less than claims.ttl while keys were forgotten for want of memory.',
      unit: 's',
      colors: { recognised: 'blue', 'claims.ttl': 'green' },
    },
    { expr: chosen.value(SCRAPED_METRICS.claimsWindow, []), legend: 'recognised' },
    { expr: chosen.value(SCRAPED_METRICS.claimsTtl, []), legend: 'claims.ttl' },
  );

const claims = (chosen: Chosen) =>
  lines(
    {
      title: 'Memory of keys',
      description: 'What the keys of senders take of Redis; at claims.max_bytes the oldest are forgotten.',
      unit: 'bytes',
      colors: { used: 'blue', limit: 'red' },
    },
    { expr: chosen.value(SCRAPED_METRICS.claimsBytes, []), legend: 'used' },
    { expr: chosen.value(SCRAPED_METRICS.claimsLimit, []), legend: 'limit' },
  );
