/** Every metric that statuslens exposes: its name, labels and buckets, once. */

import { CONDUCT_METRICS } from './conduct-metrics.js';
import type { MetricDefinition } from './metric-definition.js';

export * from './conduct-metrics.js';
export type { MetricDefinition } from './metric-definition.js';

const SECONDS_OF_REQUESTS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const SECONDS_OF_PROMISED_WAITS = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
const SECONDS_OF_DELAYS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400];

/** What the ledger holds: exact integers that only grow, except for the gauges. */
export const LEDGER_METRICS = {
  requests: {
    name: 'statuslens_requests_total',
    help: 'Requests by the judgement of their status, made by the document of the vendor.',
    type: 'counter',
    labels: ['source', 'vendor', 'code', 'verdict', 'reason', 'responsible', 'action', 'origin'],
  },
  undocumented: {
    name: 'statuslens_undocumented_total',
    help: 'Requests with a status that the document of the vendor does not list, or lists without a meaning.',
    type: 'counter',
    labels: ['source', 'vendor', 'origin'],
  },
  duration: {
    name: 'statuslens_request_duration_seconds',
    help: 'Time that the gateway took for a request, where the log tells it.',
    type: 'histogram',
    labels: ['source', 'vendor', 'verdict', 'operation'],
    buckets: SECONDS_OF_REQUESTS,
    scale: 1e6,
  },
  recovered: {
    name: 'statuslens_recovered_failures_total',
    help: 'Attempts that failed though a later attempt of the same request went well; callers never saw them.',
    type: 'counter',
    labels: ['source', 'vendor', 'code'],
  },
  evidence: {
    name: 'statuslens_evidence_lines_total',
    help: 'Classified lines by whether they carry a piece of evidence; what is not logged cannot be measured.',
    type: 'counter',
    labels: ['source', 'field', 'state'],
  },
  device: {
    name: 'statuslens_device_requests_total',
    help: 'Requests by the storage device that their path names; "other" beyond max_devices.',
    type: 'counter',
    labels: ['source', 'vendor', 'device', 'verdict'],
  },
  consumer: {
    name: 'statuslens_consumer_requests_total',
    help: 'Requests by the consumer that the settings know; "other" for everybody else.',
    type: 'counter',
    labels: ['source', 'vendor', 'consumer', 'verdict'],
  },
  route: {
    name: 'statuslens_route_requests_total',
    help: 'Requests by the path templates of the vendor file; "other" for any other path.',
    type: 'counter',
    labels: ['source', 'vendor', 'method', 'route', 'verdict'],
  },
  retryAfter: {
    name: 'statuslens_retry_after_seconds',
    help: 'Waits that were promised in Retry-After.',
    type: 'histogram',
    labels: ['source', 'vendor'],
    buckets: SECONDS_OF_PROMISED_WAITS,
    scale: 1,
  },
  lines: {
    name: 'statuslens_lines_total',
    help: 'Log lines by what became of them.',
    type: 'counter',
    labels: ['source', 'outcome'],
  },
  rejected: {
    name: 'statuslens_rejected_lines_total',
    help: 'Log lines that could not be read, by reason.',
    type: 'counter',
    labels: ['source', 'reason'],
  },
  lateLines: {
    name: 'statuslens_late_lines_total',
    help: 'Classified lines that were older than late_after when they were counted.',
    type: 'counter',
    labels: ['source'],
  },
  futureLines: {
    name: 'statuslens_future_lines_total',
    help: 'Classified lines dated over a minute after they were received: a clock or a time zone is wrong.',
    type: 'counter',
    labels: ['source'],
  },
  lateRequests: {
    name: 'statuslens_late_requests_total',
    help: 'Requests that were older than late_after when they were counted; part of statuslens_requests_total.',
    type: 'counter',
    labels: ['source', 'vendor', 'verdict', 'responsible', 'origin'],
  },
  delay: {
    name: 'statuslens_ingest_delay_seconds',
    help: 'From the time in the log line to the moment it was counted.',
    type: 'histogram',
    labels: ['source'],
    buckets: SECONDS_OF_DELAYS,
    scale: 1e3,
  },
  lastEvent: {
    name: 'statuslens_last_event_timestamp_seconds',
    help: 'Newest time in the lines of a source, at most the time at which they were received.',
    type: 'gauge',
    labels: ['source'],
    scale: 1e3,
  },
  batches: {
    name: 'statuslens_batches_total',
    help: 'Batches by outcome: accepted + replayed = committed + duplicate + dead + those still queued.',
    type: 'counter',
    labels: ['source', 'outcome'],
  },
  batchBytes: {
    name: 'statuslens_batches_bytes_total',
    help: 'Bytes of the batches as they are stored, by outcome.',
    type: 'counter',
    labels: ['source', 'outcome'],
  },
  redeliveries: {
    name: 'statuslens_redelivered_batches_total',
    help: 'Batches that the queue delivered again after they had been counted; counted once all the same.',
    type: 'counter',
    labels: ['source'],
  },
  deadBatches: {
    name: 'statuslens_dead_batches_total',
    help: 'Batches that can never be read, or whose bytes were lost, by reason.',
    type: 'counter',
    labels: ['source', 'reason'],
  },
  deadDropped: {
    name: 'statuslens_dead_batches_dropped_total',
    help: 'Dead batches that are kept no longer: too old, too many bytes, or dropped by an operator.',
    type: 'counter',
    labels: ['source', 'reason'],
  },
  claimsEvicted: {
    name: 'statuslens_claims_evicted_total',
    help: 'Keys of senders that were forgotten before claims.ttl for want of memory: a repeat counts again.',
    type: 'counter',
    labels: [],
  },
  ...CONDUCT_METRICS,
} as const satisfies Record<string, MetricDefinition>;

export type LedgerMetric = keyof typeof LEDGER_METRICS;

/** What a scrape finds out by itself. */
export const SCRAPED_METRICS = {
  ledgerRegressions: {
    name: 'statuslens_ledger_regressions_total',
    help: 'How often the ledger had less than this exporter had shown of it; counters stayed where they were.',
    type: 'counter',
    labels: [],
  },
  stateKept: {
    name: 'statuslens_exporter_state_kept',
    help: '1 while the exporter can keep on disk what it has shown, else 0: counters may go back after a restart.',
    type: 'gauge',
    labels: [],
  },
  queueBatches: {
    name: 'statuslens_queue_batches',
    help: 'Batches in the queue by state.',
    type: 'gauge',
    labels: ['state'],
  },
  queueBytes: {
    name: 'statuslens_queue_bytes',
    help: 'Bytes of accepted batches that are not counted yet.',
    type: 'gauge',
    labels: [],
  },
  queueLimit: {
    name: 'statuslens_queue_limit_bytes',
    help: 'ingest.queue.max_bytes of the settings: ingest refuses from here on.',
    type: 'gauge',
    labels: [],
  },
  oldestBatchAge: {
    name: 'statuslens_oldest_batch_age_seconds',
    help: 'Age of the oldest batch that waits; 0 when none does.',
    type: 'gauge',
    labels: [],
  },
  deadKept: {
    name: 'statuslens_dead_batches_kept',
    help: 'Dead batches that can be shown, and replayed if their bytes are there.',
    type: 'gauge',
    labels: [],
  },
  deadKeptBytes: {
    name: 'statuslens_dead_batches_kept_bytes',
    help: 'Bytes of the dead batches that are kept, with their descriptions.',
    type: 'gauge',
    labels: [],
  },
  oldestDeadAge: {
    name: 'statuslens_oldest_dead_batch_age_seconds',
    help: 'How long ago the oldest dead batch that is kept died; 0 when none is.',
    type: 'gauge',
    labels: [],
  },
  claims: {
    name: 'statuslens_claims',
    help: 'Keys of senders that are remembered: a repeat of one counts once.',
    type: 'gauge',
    labels: [],
  },
  claimsBytes: {
    name: 'statuslens_claims_bytes',
    help: 'Memory of Redis that these keys take at most.',
    type: 'gauge',
    labels: [],
  },
  claimsLimit: {
    name: 'statuslens_claims_limit_bytes',
    help: 'claims.max_bytes of the settings: from here on the oldest keys are forgotten.',
    type: 'gauge',
    labels: [],
  },
  claimsWindow: {
    name: 'statuslens_claims_window_seconds',
    help: 'How long a key is recognised after it was counted; less than claims.ttl while some were forgotten before it.',
    type: 'gauge',
    labels: [],
  },
  claimsTtl: {
    name: 'statuslens_claims_ttl_seconds',
    help: 'claims.ttl of the settings: how long a key should be recognised.',
    type: 'gauge',
    labels: [],
  },
  redisMemory: {
    name: 'statuslens_redis_memory_bytes',
    help: 'Memory that Redis uses.',
    type: 'gauge',
    labels: [],
  },
  redisMemoryLimit: {
    name: 'statuslens_redis_memory_limit_bytes',
    help: 'maxmemory of Redis; no sample where it has none.',
    type: 'gauge',
    labels: [],
  },
  redisPersistence: {
    name: 'statuslens_redis_persistence_ok',
    help: '1 while Redis writes its append-only file and the last write and rewrite of it went well, else 0.',
    type: 'gauge',
    labels: [],
  },
  redisPromise: {
    name: 'statuslens_redis_promise',
    help: '1 if Redis is set up to keep what it acknowledged, 0 if not, by what was checked; no sample if it does not tell.',
    type: 'gauge',
    labels: ['check'],
  },
  heartbeat: {
    name: 'statuslens_source_heartbeat_seconds',
    help: 'How long a source may be silent, for sources that set a heartbeat.',
    type: 'gauge',
    labels: ['source'],
  },
  rulesInfo: {
    name: 'statuslens_rules_info',
    help: 'Revision of what alert rules are generated from, as this process reads it now.',
    type: 'gauge',
    labels: ['revision'],
  },
  sourceInfo: {
    name: 'statuslens_source_info',
    help: 'Sources of the settings with their own labels.',
    type: 'gauge',
    labels: ['source'],
  },
  catalogueInfo: {
    name: 'statuslens_catalogue_info',
    help: 'Documents that statuses are judged by.',
    type: 'gauge',
    labels: ['vendor', 'document', 'revision'],
  },
  sessionLimit: {
    name: 'statuslens_session_limit',
    help: 'How many sessions a device allows at the same time, for vendors whose document says so.',
    type: 'gauge',
    labels: ['vendor'],
  },
  buildInfo: {
    name: 'statuslens_build_info',
    help: 'Version of statuslens.',
    type: 'gauge',
    labels: ['version'],
  },
} as const satisfies Record<string, MetricDefinition>;

/** What ingest tells on its own /metrics. */
export const INGEST_METRICS = {
  requests: {
    name: 'statuslens_ingest_requests_total',
    help: 'What senders were told, and why they were refused. Source is "unknown" for names that are not in the settings.',
    type: 'counter',
    labels: ['protocol', 'source', 'code', 'refusal'],
  },
  droppedLines: {
    name: 'statuslens_ingest_dropped_lines_total',
    help: 'Lines that were lost because their sender waits for no answer (syslog, TCP), by reason. Source is "unknown" where nobody knows their name.',
    type: 'counter',
    labels: ['protocol', 'source', 'reason'],
  },
  bufferedBytes: {
    name: 'statuslens_ingest_buffered_bytes',
    help: 'Lines of senders that wait for no answer (syslog, TCP) which are not stored yet; max_buffer of the receiver bounds them.',
    type: 'gauge',
    labels: ['protocol'],
  },
} as const satisfies Record<string, MetricDefinition>;

/** What a worker tells on its own /metrics. */
export const WORKER_METRICS = {
  batchDuration: {
    name: 'statuslens_worker_batch_duration_seconds',
    help: 'Time from taking a batch off the queue to its commit, by outcome.',
    type: 'histogram',
    labels: ['outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
  },
} as const satisfies Record<string, MetricDefinition>;

/** What every process of statuslens tells of its settings, named as Prometheus names its own. */
export const PROCESS_METRICS = {
  reloadSuccessful: {
    name: 'statuslens_config_last_reload_successful',
    help: '1 if the settings in force are those of the files, 0 if the files cannot be used and older settings stay.',
    type: 'gauge',
    labels: [],
  },
  reloadSuccessTime: {
    name: 'statuslens_config_last_reload_success_timestamp_seconds',
    help: 'When settings were last read that could be used.',
    type: 'gauge',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>;

/** Values of `outcome` for lines and for batches, and of `reason` for dead batches. */
export const LINE_OUTCOMES = ['classified', 'rejected', 'ignored'] as const;
/** What puts a batch into the queue: its sender, or whoever replays a dead one. */
export const BATCH_ARRIVALS = ['accepted', 'replayed'] as const;
/** What takes it out, for good. */
export const BATCH_ENDS = ['committed', 'duplicate', 'dead'] as const;
export const BATCH_OUTCOMES = [...BATCH_ARRIVALS, ...BATCH_ENDS] as const;
export const DEAD_REASONS = [
  'payload_lost',
  'unreadable_gzip',
  'unreadable_zstd',
  'zstd_window_too_large',
  'inflated_too_large',
] as const;
export type DeadReason = (typeof DEAD_REASONS)[number];
/** Why a dead batch is kept no longer: the bounds of the settings, or an operator. */
export const DROP_REASONS = ['age', 'bytes', 'operator'] as const;

/** Values of `check`: what of Redis is looked at. */
export const REDIS_CHECKS = ['maxmemory_policy', 'appendonly', 'version'] as const;

/** Label value of whatever a bounded list has no place for. */
export const OTHER = 'other';

const SEPARATOR = '|';
const SUM = 'sum';

/** The field of the ledger that holds a counter or gauge. No label value holds a `|`. */
export const ledgerField = (metric: LedgerMetric, ...labels: readonly (string | number)[]): string =>
  [metric, ...labels].join(SEPARATOR);

/** The field of one bucket (not cumulative; the last one is +Inf) of a histogram. */
export const bucketField = (metric: LedgerMetric, bucket: number, ...labels: readonly string[]): string =>
  [metric, ...labels, bucket].join(SEPARATOR);

export const sumField = (metric: LedgerMetric, ...labels: readonly string[]): string =>
  [metric, ...labels, SUM].join(SEPARATOR);

/** A field taken apart; `part` is a bucket index or `sum` for histograms. */
export interface LedgerEntry {
  readonly metric: LedgerMetric;
  readonly labels: readonly string[];
  readonly part: number | 'sum' | undefined;
}

/** @returns undefined for a field that this version does not know */
export function parseLedgerField(field: string): LedgerEntry | undefined {
  const [metric, ...rest] = field.split(SEPARATOR) as [LedgerMetric, ...string[]];
  if (!Object.hasOwn(LEDGER_METRICS, metric)) return undefined;
  const definition: MetricDefinition = LEDGER_METRICS[metric];
  const histogram = definition.type === 'histogram';
  if (rest.length !== definition.labels.length + (histogram ? 1 : 0)) return undefined;
  const last = histogram ? rest.pop() : undefined;
  return { metric, labels: rest, part: last === undefined || last === SUM ? last : Number(last) };
}

/** What became of a batch, as the fields that count it: one batch and its bytes. */
export const batchFields = (
  source: string,
  outcome: (typeof BATCH_OUTCOMES)[number],
  bytes: number,
): [field: string, amount: number][] => [
  [ledgerField('batches', source, outcome), 1],
  [ledgerField('batchBytes', source, outcome), bytes],
];
