import type { IngestMetrics } from '../ingest-metrics.js';

/** Why lines are lost whose sender cannot be told. What to do about each: docs/runbooks/LinesDropped.md. */
const REASONS = [
  'buffer_full',
  'kernel',
  'unknown_source',
  'unauthorized',
  'incomplete',
  'too_long',
  'refused',
  'departed',
] as const;
export type DropReason = (typeof REASONS)[number];

/** Of lines that are for none. */
const UNKNOWN = 'unknown';

/** Counts the lines that one receiver has dropped. */
export class DroppedLines {
  private readonly sources = new Set<string>();

  constructor(
    private readonly protocol: string,
    private readonly metrics: IngestMetrics,
  ) {}

  /** From here on there are series of a source, at 0: an increase is seen only of what was there before. */
  begin(source: string): void {
    if (this.sources.has(source)) return;
    this.sources.add(source);
    for (const reason of REASONS) this.count(source, reason, 0);
  }

  count(source: string = UNKNOWN, reason: DropReason, lines = 1): void {
    this.begin(source);
    this.metrics.droppedLines.inc({ protocol: this.protocol, source, reason }, lines);
  }
}
