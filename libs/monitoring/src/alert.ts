import type { Responsible } from '#catalogue';
import type { WindowName } from './objectives.js';
import type { PromQL } from './promql.js';

export const SEVERITIES = {
  page: 'Somebody must act now.',
  ticket: 'Somebody must act on a working day.',
  info: 'Nobody must act; it explains what else is seen.',
} as const;
type Severity = keyof typeof SEVERITIES;

/** Who can be told besides those of the catalogue: where everybody is hit, and where statuslens itself fails. */
export const MORE_RESPONSIBLE = {
  platform: 'The team of the storage platform: it is more than one caller’s own fault.',
  statuslens: 'Whoever runs statuslens.',
} as const;
export type Told = Responsible | keyof typeof MORE_RESPONSIBLE;

/** An alert: one file of alerts/, one row of alerts/index.ts. Texts may use the templates of Prometheus. */
export interface Alert {
  readonly name: string;
  readonly severity: Severity;
  /** Who is told; `from the series` where the expression keeps the label `responsible`. */
  readonly responsible: Told | 'from the series';
  expression(promql: PromQL): string;
  /** So long it must hold: a window of the objectives, or milliseconds where time runs the same everywhere. */
  readonly hold?: WindowName | number;
  /** Whether its series have a source, and so the source's own labels. */
  readonly ofSource: boolean;
  /** Whether its series have a vendor, and so a document to cite. */
  readonly ofVendor: boolean;
  /** One line. */
  readonly summary: string;
  /** With numbers. */
  readonly description: string | ((promql: PromQL) => string);
  /** What whoever is told should do. */
  readonly action: string;
  /** What it rests on, where the evidence may be thin. */
  readonly restsOn: string;
  /** How to see more, for the runbook. */
  readonly toSee?: {
    /** Command lines. */
    readonly commands?: readonly string[];
    queries(promql: PromQL): readonly string[];
  };
  /** Of what is inferred from the log: how it may be wrong. For the runbook. */
  readonly doubts?: string;
}
