import { z } from 'zod';
import { BUDGET_NAMES, DEFAULT_OBJECTIVES, type Budget, type Objectives } from '#monitoring';
import { duration } from './units.js';

const percent = (budget: Budget) =>
  z
    .number()
    .min(1)
    .max(99.9999)
    .default(Number((100 * DEFAULT_OBJECTIVES.slo.targets[budget]).toFixed(4)))
    .describe(`percent of requests that must not burn the budget "${budget}"`);

const { callers } = DEFAULT_OBJECTIVES;
const share = (fallback: number, meaning: string) =>
  z
    .number()
    .min(1)
    .max(100)
    .default(100 * fallback)
    .describe(`percent of ${meaning}, from which on somebody is told`);

const burnWindow = z.strictObject({
  speed: z.enum(['fast', 'slow']).describe('fast burns page, slow ones open a ticket'),
  long: duration('window that proves it'),
  short: duration('window that ends it quickly'),
  factor: z.number().positive().describe('so many times too fast'),
});

const defaultBurns = DEFAULT_OBJECTIVES.slo.burnWindows.map(({ speed, longMs, shortMs, factor }) => ({
  speed,
  long: `${longMs / 60_000}m`,
  short: `${shortMs / 60_000}m`,
  factor,
}));

const shape = z.strictObject({
  scrape_interval: duration('of Prometheus; windows must be four times as long').prefault('15s'),
  windows: z
    .strictObject({
      short: duration('what happens now').prefault('5m'),
      medium: duration('what lasts').prefault('30m'),
      long: duration('what builds up').prefault('1h'),
      baseline: duration('how long ago things are compared with').prefault('7d'),
    })
    .prefault({}),
  slo: z
    .strictObject({
      vendor: percent('vendor'),
      gateway: percent('gateway'),
      caller: percent('caller'),
      throttled: percent('throttled'),
      period: duration('over which the targets hold').prefault('30d'),
      minimum_requests: z
        .int()
        .min(1)
        .default(DEFAULT_OBJECTIVES.slo.minimumRequests)
        .describe('fewer say nothing'),
      burn: z
        .array(burnWindow)
        .refine(
          (pairs) => ['fast', 'slow'].every((speed) => pairs.some((pair) => pair.speed === speed)),
          'must have a fast pair and a slow one',
        )
        .prefault(defaultBurns)
        .describe('pairs of windows; without it those of the Site Reliability Workbook'),
    })
    .prefault({}),
  latency: z
    .strictObject({
      read: duration('within which 95 % of the reads must end').prefault('10s'),
      write: duration('within which 95 % of the writes must end').prefault('30s'),
    })
    .prefault({}),
  callers: z
    .strictObject({
      amplification: z
        .number()
        .gt(1)
        .default(callers.amplification)
        .describe('requests for each operation, above which it is a retry storm while requests fail'),
      early_returns: share(callers.earlyReturns, 'callers that come back before the promised wait is over'),
      herd: share(callers.herd, 'retries after promised waits that come within the same second'),
      forgotten_jobs: share(callers.forgottenJobs, 'accepted requests whose jobs nobody asks for in time'),
      fast_polls: share(callers.fastPolls, 'requests that are polls too fast after the one before'),
      sessions: share(callers.sessions, 'sessions that the document allows which are open'),
    })
    .prefault({}),
  maintenance: duration('for so long suspected maintenance stands in for pages').prefault('1h'),
  runbooks: z
    .string()
    .default(DEFAULT_OBJECTIVES.runbooks)
    .describe(
      'what stands before the page of an alert in its runbook_url, such as https://wiki.example/runbooks/',
    ),
});

/** `monitoring:` of the settings: what generated rules and dashboards follow from. */
export const monitoringSchema = shape.superRefine(({ scrape_interval, windows, slo }, context) => {
  const least = 4 * scrape_interval;
  const mistake = (path: (string | number)[]): void =>
    void context.addIssue({
      code: 'custom',
      path,
      message: `must be at least four scrape intervals (${least / 1000} s), else rates have too few samples`,
    });
  if (windows.short < least) mistake(['windows', 'short']);
  slo.burn.forEach(({ short }, i) => {
    if (short < least) mistake(['slo', 'burn', i, 'short']);
  });
});

/** Of a percentage, without the digits that binary fractions add. */
const fraction = (percent: number): number => Number((percent / 100).toFixed(8));

export function objectivesOf({
  scrape_interval,
  windows,
  slo,
  latency,
  callers: limits,
  maintenance,
  runbooks,
}: z.infer<typeof monitoringSchema>): Objectives {
  return {
    scrapeIntervalMs: scrape_interval,
    windows,
    slo: {
      targets: Object.fromEntries(
        BUDGET_NAMES.map((budget) => [budget, fraction(slo[budget])]),
      ) as Objectives['slo']['targets'],
      periodMs: slo.period,
      minimumRequests: slo.minimum_requests,
      burnWindows: slo.burn.map(({ speed, long, short, factor }) => ({
        speed,
        longMs: long,
        shortMs: short,
        factor,
      })),
    },
    latencySeconds: { read: latency.read / 1000, write: latency.write / 1000 },
    callers: {
      amplification: limits.amplification,
      earlyReturns: fraction(limits.early_returns),
      herd: fraction(limits.herd),
      forgottenJobs: fraction(limits.forgotten_jobs),
      fastPolls: fraction(limits.fast_polls),
      sessions: fraction(limits.sessions),
    },
    maintenanceMs: maintenance,
    runbooks,
  };
}
