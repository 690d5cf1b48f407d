import type { MetricDefinition } from './metric-definition.js';

const SECONDS_TO_FIRST_POLL = [1, 2, 5, 10, 30, 60, 300, 900];

/** What callers did after a status: counted some `late_after` later, when all lines of that time should be there. */
export const CONDUCT_METRICS = {
  conductRequests: {
    name: 'statuslens_conduct_requests_total',
    help: 'Requests whose callers were followed; those that are no retries are operations.',
    type: 'counter',
    labels: ['source', 'vendor'],
  },
  conductSkipped: {
    name: 'statuslens_conduct_skipped_requests_total',
    help: 'Requests that callers could not be followed by, and why; what was forgotten for want of memory is "evicted".',
    type: 'counter',
    labels: ['source', 'reason'],
  },
  conductForgotten: {
    name: 'statuslens_conduct_forgotten_total',
    help: 'How often what was known of callers could not be read, and they were followed from the beginning.',
    type: 'counter',
    labels: ['source'],
  },
  conductSettled: {
    name: 'statuslens_conduct_settled_timestamp_seconds',
    help: 'Until when callers have been followed.',
    type: 'gauge',
    labels: ['source'],
    scale: 1e3,
  },
  retries: {
    name: 'statuslens_retries_total',
    help: 'Requests that repeat one that was not ok, by what the document of the vendor says of that.',
    type: 'counter',
    labels: ['source', 'vendor', 'previous_code', 'disposition'],
  },
  consumerRetries: {
    name: 'statuslens_consumer_retries_total',
    help: 'The same by the consumer that the settings know; "other" for everybody else.',
    type: 'counter',
    labels: ['source', 'vendor', 'consumer', 'disposition'],
  },
  retryWaits: {
    name: 'statuslens_retry_after_waits_total',
    help: 'Promised waits by whether the caller kept them, came back early, or never came back.',
    type: 'counter',
    labels: ['source', 'vendor', 'previous_code', 'outcome'],
  },
  retryWaitRatio: {
    name: 'statuslens_retry_after_waited_ratio',
    help: 'How long callers that came back had waited, in parts of what Retry-After promised.',
    type: 'histogram',
    labels: ['source', 'vendor'],
    buckets: [0.1, 0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 5, 10],
    scale: 1e3,
  },
  retryAfterMissing: {
    name: 'statuslens_retry_after_missing_total',
    help: 'Statuses of which the document promises a Retry-After that the answer did not have.',
    type: 'counter',
    labels: ['source', 'vendor', 'code'],
  },
  retryChains: {
    name: 'statuslens_retry_chain_requests',
    help: 'Requests that an operation took after its first failure, with that one, by how it ended.',
    type: 'histogram',
    labels: ['source', 'vendor', 'outcome'],
    buckets: [1, 2, 3, 4, 5, 7, 10, 20, 50],
    scale: 1,
  },
  retryHerd: {
    name: 'statuslens_retry_herd_ratio',
    help: 'Share of the retries after promised waits that came in the busiest second, of the last five minutes.',
    type: 'gauge',
    labels: ['source', 'vendor'],
    scale: 1e3,
  },
  unknownWrites: {
    name: 'statuslens_unknown_outcome_writes_total',
    help: 'Writes that nobody told the caller the outcome of: a timeout, a bad gateway, an abort.',
    type: 'counter',
    labels: ['source', 'vendor', 'code'],
  },
  repeatedWrites: {
    name: 'statuslens_repeated_unknown_writes_total',
    help: 'Those that were sent again: what they make may be there twice.',
    type: 'counter',
    labels: ['source', 'vendor', 'code'],
  },
  jobs: {
    name: 'statuslens_jobs_total',
    help: 'Accepted requests by what became of their jobs, as far as callers asked.',
    type: 'counter',
    labels: ['source', 'vendor', 'outcome'],
  },
  jobPolls: {
    name: 'statuslens_job_polls',
    help: 'How often callers asked for a job.',
    type: 'histogram',
    labels: ['source', 'vendor'],
    buckets: [1, 2, 3, 5, 10, 20, 50, 100],
    scale: 1,
  },
  jobFirstPoll: {
    name: 'statuslens_job_first_poll_seconds',
    help: 'From the acceptance of a request to the first question for its job.',
    type: 'histogram',
    labels: ['source', 'vendor'],
    buckets: SECONDS_TO_FIRST_POLL,
    scale: 1e3,
  },
  jobFastPolls: {
    name: 'statuslens_job_fast_polls_total',
    help: 'Questions for a job that followed the one before faster than conduct.poll_interval.',
    type: 'counter',
    labels: ['source', 'vendor'],
  },
  authentication: {
    name: 'statuslens_authentication_failures_total',
    help: 'Runs of refused credentials by whether the caller got in afterwards or did not.',
    type: 'counter',
    labels: ['source', 'vendor', 'outcome'],
  },
  sessions: {
    name: 'statuslens_sessions_total',
    help: 'Sessions that callers opened, closed, and left open.',
    type: 'counter',
    labels: ['source', 'vendor', 'outcome'],
  },
  sessionsOpen: {
    name: 'statuslens_sessions_open',
    help: 'Sessions that seem to be open, from the log alone.',
    type: 'gauge',
    labels: ['source', 'vendor', 'device'],
    scale: 1,
  },
  maintenance: {
    name: 'statuslens_maintenance_suspected',
    help: '1 while everything that several callers ask of a device is answered 503, else 0.',
    type: 'gauge',
    labels: ['source', 'vendor', 'device'],
    scale: 1,
  },
} as const satisfies Record<string, MetricDefinition>;

/** Values of `disposition`: what the document of the vendor says of sending the same request again. */
export const DISPOSITIONS = ['allowed', 'wait_first', 'change_first', 'never', 'undocumented'] as const;
/** Values of `outcome` of promised waits. */
export const WAIT_OUTCOMES = ['kept', 'early', 'never_returned'] as const;
/**
 * Values of `outcome` of chains: it went well at last, the caller gave up after retries, it gave up without one though the
 * document allows it, it did not repeat what the document does not allow to repeat.
 */
export const CHAIN_OUTCOMES = ['recovered', 'exhausted', 'abandoned', 'heeded'] as const;
/**
 * Values of `outcome` of jobs: asked for, never asked for, gone before anybody asked; and those of which nobody can tell,
 * because the vendor's file names no place to ask for a job, or because there were too many to remember.
 */
export const JOB_OUTCOMES = ['followed', 'forgotten', 'expired', 'not_measurable'] as const;
/** Values of `outcome` of refused credentials. */
export const AUTHENTICATION_OUTCOMES = ['renewed', 'broken'] as const;
/** Values of `outcome` of sessions. */
export const SESSION_OUTCOMES = ['opened', 'closed', 'left_open'] as const;
/**
 * Values of `reason` of requests that callers could not be followed by: what the line lacks, a time that was already
 * settled or has not come, what was forgotten to keep within conduct.max_bytes or conduct.max_operations, and what was
 * damaged or written by a newer version.
 */
export const SKIP_REASONS = [
  'no_time',
  'no_client',
  'no_path',
  'late',
  'future',
  'evicted',
  'unreadable',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];
