import { batchFields } from '#metric-names';
import { scopeOf } from '#settings';
import {
  LEDGER_BUCKETS,
  SourceReader,
  ledgerSamples,
  tallyFields,
  tallyMaxima,
  zeroSeries,
  type Moment,
} from '#verdict';
import { LineRecord, type LineRead } from './line-record.js';
import type { PlannedTest } from './planned-test.js';

/** A log as a worker would have counted it. */
export interface CountedLog {
  readonly lines: readonly LineRead[];
  /** As which format they were read, and why. */
  readonly format: string;
  readonly classified: number;
  readonly late: number;
  /** So much older than its receipt is the newest line; undefined where no line has a time. */
  readonly lagMs: number | undefined;
  /** Of a ledger that holds nothing else, by metric. */
  readonly samples: ReturnType<typeof ledgerSamples>;
  /** What exists at 0 before the first line. */
  readonly zeros: ReturnType<typeof ledgerSamples>;
}

/** Nothing is late, and nothing ahead of its time. */
const AFTER_ALL: Moment = { receivedAt: Infinity, now: Infinity, lateAfterMs: Infinity };

/**
 * Reads, judges and counts the lines of a log.
 * @param received when they came and were counted; else at the time of the newest line, so that logs do not age
 */
export function countLog(plan: PlannedTest, received: number | undefined): CountedLog {
  const { settings, source, log } = plan;
  const now = received ?? newestIn(plan);
  const { tally, lines, format } = read(plan, { receivedAt: now, now, lateAfterMs: settings.lateAfterMs });
  const devices = new Set(tally.hit.deviceNames().slice(0, source.maxDevices));
  const fields = [
    ...tallyFields(source.name, tally, (device) => devices.has(device)),
    ...tallyMaxima(source.name, tally),
    ...batchFields(source.name, 'accepted', log.length),
    ...batchFields(source.name, 'committed', log.length),
  ];
  const zeros = zeroSeries(settings.catalogue, scopeOf(source, settings.catalogue));
  return {
    lines,
    format,
    classified: tally.classified,
    late: tally.late,
    lagMs: tally.lastEventMs < 0 ? undefined : now - tally.lastEventMs,
    samples: ledgerSamples(new Map(fields), zeros),
    zeros: ledgerSamples(new Map(), zeros),
  };
}

function newestIn(plan: PlannedTest): number {
  const { lastEventMs } = read(plan, AFTER_ALL).tally;
  return lastEventMs < 0 ? Date.now() : lastEventMs;
}

function read({ settings, lens, source, log }: PlannedTest, moment: Moment) {
  const reader = new SourceReader(lens, source);
  const tally = reader.newTally(LEDGER_BUCKETS, moment);
  const record = new LineRecord(tally);
  const lines = reader.begin(record, settings.ingest.max_line);
  lines.push(log);
  lines.end();
  return { tally, lines: record.lines, format: lines.formatChosen() };
}
