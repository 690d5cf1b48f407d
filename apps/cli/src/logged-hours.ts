import { NO_STATUS, type Request } from '#access-log';
import type { Catalogue } from '#catalogue';
import type { Counts } from '#verdict';
import { hourOf, type LinesByHour, type Span } from './hours.js';

const STATUSES = 600;
const REJECTED = STATUSES;
const IGNORED = STATUSES + 1;
const NEVER = -1;

/**
 * The lines of log files by the hour in which they were logged. A line without a time of its own, such as one that was
 * rejected, stands where the line before it stands; at the head of a file, where the first one with a time does.
 */
export class LoggedHours implements Counts {
  /** Lines that the span leaves out. */
  outside = 0;
  private first = Infinity;
  private readonly hours = new Map<number, Uint32Array>();
  private timeMs = NEVER;
  private hour = NEVER;
  private counts: Uint32Array = new Uint32Array();
  private headless: number[] = [];

  constructor(
    private readonly catalogue: Catalogue,
    private readonly span: Partial<Span>,
  ) {}

  classify(cell: number, { timeMs }: Request): void {
    if (timeMs >= 0) this.moveTo(timeMs);
    this.add(this.catalogue.code(cell));
  }

  ignore(): void {
    this.add(IGNORED);
  }

  pass(outcome: number): void {
    this.add(outcome === NO_STATUS ? IGNORED : REJECTED);
  }

  /** To be called at the end of each file. */
  endFile(): void {
    // without any time, such lines are of any span
    if (this.timeMs === NEVER) for (const slot of this.takeHeadless()) this.countIn(NEVER, slot);
    this.timeMs = NEVER;
  }

  /** Epoch milliseconds of the first line; undefined where no line has a time. */
  get firstMs(): number | undefined {
    return this.first === Infinity ? undefined : this.first;
  }

  /** Lines of which no hour is known are of the hour -1. */
  get lines(): LinesByHour {
    return new Map([...this.hours].map(([hour, counts]) => [hour, named(counts)]));
  }

  private moveTo(timeMs: number): void {
    this.timeMs = timeMs;
    for (const slot of this.takeHeadless()) this.add(slot);
  }

  private takeHeadless(): number[] {
    const slots = this.headless;
    if (slots.length > 0) this.headless = [];
    return slots;
  }

  private add(slot: number): void {
    const { timeMs, span } = this;
    if (timeMs === NEVER) this.headless.push(slot);
    else if (timeMs < (span.since ?? 0) || timeMs >= (span.until ?? Infinity)) this.outside++;
    else {
      if (timeMs < this.first) this.first = timeMs;
      this.countIn(hourOf(timeMs), slot);
    }
  }

  private countIn(hour: number, slot: number): void {
    if (hour !== this.hour || this.counts.length === 0) this.turnTo(hour);
    this.counts[slot]!++;
  }

  private turnTo(hour: number): void {
    this.hour = hour;
    this.counts = this.hours.get(hour) ?? new Uint32Array(STATUSES + 2);
    this.hours.set(hour, this.counts);
  }
}

function named(counts: Uint32Array): Map<string, number> {
  const names = new Map<string, number>();
  counts.forEach((count, slot) => {
    if (count > 0)
      names.set(slot === REJECTED ? 'rejected' : slot === IGNORED ? 'ignored' : String(slot), count);
  });
  return names;
}
