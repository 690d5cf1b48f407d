import { z } from 'zod';
import {
  ACTIONS,
  BASES,
  FIRST_CODE,
  FLAGS,
  LAST_CODE,
  ORIGINS,
  REASONS,
  RESPONSIBLE,
  VERDICTS,
} from '#catalogue';
import { ALERTS } from '#monitoring';
import { duration } from '#settings';
import { REJECTIONS } from '#verdict';
import { parseSelector } from './metric-selector.js';

/** Why a line that was read is not counted as a request. */
export const IGNORED = ['no_status', 'by_rule'] as const;

const keysOf = <K extends string>(words: Readonly<Record<K, string>>): [K, ...K[]] =>
  Object.keys(words) as [K, ...K[]];

const lineSchema = z
  .strictObject({
    vendor: z.string().optional(),
    code: z.int().min(FIRST_CODE).max(LAST_CODE).optional(),
    verdict: z.enum(VERDICTS).optional(),
    reason: z.enum(REASONS).optional(),
    responsible: z.enum(keysOf(RESPONSIBLE)).optional(),
    action: z.enum(keysOf(ACTIONS)).optional(),
    basis: z.enum(keysOf(BASES)).optional(),
    origin: z.enum(ORIGINS).optional(),
    flags: z.array(z.enum(keysOf(FLAGS))).optional(),
    rejected: z.enum(REJECTIONS).optional(),
    ignored: z.enum(IGNORED).optional(),
  })
  .refine((line) => Object.keys(line).length > 0, 'must say something of the line')
  .refine(
    ({ rejected, ignored, ...judged }) =>
      [rejected, ignored, ...(Object.keys(judged).length > 0 ? [judged] : [])].filter(Boolean).length <= 1,
    'must be a judgement, or `rejected`, or `ignored`: a line is only one of them',
  );

const NAMES = new Set(ALERTS.map(({ name }) => name));

/** `Name`, or `{ alert: Name, labels: … }`. */
const alertSchema = z.preprocess(
  (entry) => (typeof entry === 'string' ? { alert: entry } : entry),
  z.strictObject({
    alert: z.string().refine((name) => NAMES.has(name), {
      error: ({ input }) => `${JSON.stringify(input)} is no alert; docs/runbooks has a page for each one`,
    }),
    labels: z.record(z.string(), z.string()).default({}),
  }),
);

const SECOND = 1000;
/** promtool takes longer than anybody waits. */
const LONGEST = 6 * 3_600_000;

const alertsSchema = z
  .strictObject({
    repeat: duration('how often the log comes')
      .refine((ms) => ms >= SECOND, 'must be at least 1s')
      .prefault('10s'),
    for: duration('for how long')
      .refine((ms) => ms <= LONGEST, 'must be at most 6h')
      .optional(),
    firing: z.array(alertSchema).default([]),
    quiet: z.array(alertSchema).default([]),
    only: z.boolean().default(false),
  })
  .refine(
    ({ firing, quiet, only }) => only || firing.length + quiet.length > 0,
    'must name alerts: `firing`, `quiet`, or `only: true` for no others than those of `firing`',
  );

const metricsSchema = z.record(z.string(), z.number()).superRefine((metrics, context) => {
  for (const key of Object.keys(metrics)) {
    const selector = parseSelector(key);
    if (typeof selector === 'string') context.addIssue({ code: 'custom', path: [key], message: selector });
  }
});

const testSchema = z
  .strictObject({
    name: z.string().min(1),
    source: z.string().optional(),
    log: z.string().optional(),
    log_file: z.string().min(1).optional(),
    received: z.iso
      .datetime({ offset: true, error: 'must be a time such as 2026-11-21T08:00:00Z' })
      .transform((text) => Date.parse(text))
      .optional(),
    judgements: z.array(lineSchema).optional(),
    metrics: metricsSchema.optional(),
    alerts: alertsSchema.optional(),
  })
  .refine(
    ({ log, log_file }) => (log === undefined) !== (log_file === undefined),
    'must have either `log` or `log_file`',
  )
  .refine(
    ({ judgements, metrics, alerts }) => judgements ?? metrics ?? alerts,
    'expects nothing: it must have `judgements`, `metrics` or `alerts`',
  );

/** What users write: log lines, and what they expect of their settings. */
export const testFileSchema = z.strictObject({
  config: z.string().min(1).optional(),
  tests: z.array(testSchema).min(1),
});

export type SettingsTest = z.infer<typeof testSchema>;
export type ExpectedLine = z.infer<typeof lineSchema>;
export type ExpectedAlert = z.infer<typeof alertSchema>;
export type ExpectedAlerts = z.infer<typeof alertsSchema>;
