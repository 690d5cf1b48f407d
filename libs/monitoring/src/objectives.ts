/** What users decide about their alerts, from `monitoring:` of the settings. Durations in milliseconds. */
export interface Objectives {
  /** How often Prometheus scrapes; no window may be shorter than four scrapes. */
  readonly scrapeIntervalMs: number;
  readonly windows: Readonly<Record<WindowName, number>>;
  readonly slo: {
    /** Share of requests that must not burn the budget, by budget. */
    readonly targets: Readonly<Record<Budget, number>>;
    /** Over which the targets hold. */
    readonly periodMs: number;
    readonly burnWindows: readonly BurnWindow[];
    /** Fewer requests than this in the long window say nothing. */
    readonly minimumRequests: number;
  };
  /** Seconds within which 95 % of requests must end. */
  readonly latencySeconds: Readonly<Record<'read' | 'write', number>>;
  readonly callers: CallerLimits;
  /** For so long suspected maintenance stands in for pages; then they come back. */
  readonly maintenanceMs: number;
  /** What stands before the name of a page of docs/runbooks in the annotation `runbook_url`. */
  readonly runbooks: string;
}

/** What callers may do before somebody is told. Shares are fractions. */
export interface CallerLimits {
  /** Requests for each operation: without retries it is 1. */
  readonly amplification: number;
  /** Share of the callers that come back before the promised wait is over, of those that come back at all. */
  readonly earlyReturns: number;
  /** Share of the retries after promised waits that come within the same second. */
  readonly herd: number;
  /** Share of the accepted requests whose jobs nobody asks for in time. */
  readonly forgottenJobs: number;
  /** Share of the requests that are polls too fast after the one before. */
  readonly fastPolls: number;
  /** Share of the sessions that the document allows. */
  readonly sessions: number;
}

/** Windows that alerts look at: what happens now, what lasts, what builds up, and how it was a week ago. */
export const WINDOWS = ['short', 'medium', 'long', 'baseline'] as const;
export type WindowName = (typeof WINDOWS)[number];

/** Whose budget a failure burns, the label values of `responsible` that do it, and who is told. */
export const BUDGETS = {
  vendor: { burnedBy: ['service', 'device', 'service_or_device'], responsible: 'service_or_device' },
  gateway: { burnedBy: ['gateway'], responsible: 'gateway' },
  caller: { burnedBy: ['client'], responsible: 'client' },
  throttled: { burnedBy: ['client_or_service'], responsible: 'client_or_service' },
} as const;
export type Budget = keyof typeof BUDGETS;
export const BUDGET_NAMES = Object.keys(BUDGETS) as Budget[];

/** An alert at a burn rate of `factor` over both windows: the long one proves it, the short one ends it quickly. */
export interface BurnWindow {
  readonly speed: 'fast' | 'slow';
  readonly longMs: number;
  readonly shortMs: number;
  /** So many times the rate at which the budget lasts exactly its period. */
  readonly factor: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The pairs of windows of the Site Reliability Workbook, chapter 5, table 5-8: 2 % of a 30-day budget in an hour, 5 %
 * in six hours, 10 % in one and in three days.
 * https://sre.google/workbook/alerting-on-slos/#recommended_parameters_for_an_slo_based_a
 */
export const WORKBOOK_WINDOWS: readonly BurnWindow[] = [
  { speed: 'fast', longMs: HOUR, shortMs: 5 * MINUTE, factor: 14.4 },
  { speed: 'fast', longMs: 6 * HOUR, shortMs: 30 * MINUTE, factor: 6 },
  { speed: 'slow', longMs: DAY, shortMs: 2 * HOUR, factor: 3 },
  { speed: 'slow', longMs: 3 * DAY, shortMs: 6 * HOUR, factor: 1 },
];

/** Where the settings say nothing. */
export const DEFAULT_OBJECTIVES: Objectives = {
  scrapeIntervalMs: 15_000,
  windows: { short: 5 * MINUTE, medium: 30 * MINUTE, long: HOUR, baseline: 7 * DAY },
  slo: {
    targets: { vendor: 0.999, gateway: 0.9995, caller: 0.95, throttled: 0.99 },
    periodMs: 30 * DAY,
    burnWindows: WORKBOOK_WINDOWS,
    minimumRequests: 20,
  },
  latencySeconds: { read: 10, write: 30 },
  callers: {
    amplification: 3,
    earlyReturns: 0.2,
    herd: 0.5,
    forgottenJobs: 0.1,
    fastPolls: 0.05,
    sessions: 0.8,
  },
  maintenanceMs: HOUR,
  runbooks: 'docs/runbooks/',
};
