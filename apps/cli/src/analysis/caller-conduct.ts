import { endOfSlice, type Findings, type Suspect } from '#conduct';
import { DISPOSITIONS, parseLedgerField } from '#metric-names';
import { AmplificationMeter } from './amplification.js';
import { conductReport, isForbidden, type ConductReport } from './conduct-report.js';
import type { Watcher } from './followed-callers.js';
import { Timeline } from './timeline.js';
import { MOST_GROUPS, type GroupKey } from './verdict-groups.js';

const MOST_SUSPECTS = 1000;

/** Gathers what slices of time tell of callers: all of it, when, and who repeats what the document forbids. */
export class CallerConduct implements Watcher {
  /** Retries over time by disposition, in the order of DISPOSITIONS. */
  readonly retries = new Timeline(DISPOSITIONS.length);
  /** Forbidden repeats by caller, as `Callers` tells them apart. */
  readonly forbidden = new Map<GroupKey, number>();
  private readonly counters = new Map<string, number>();
  private readonly suspects: Suspect[] = [];
  private readonly amplification = new AmplificationMeter();

  onSkipped(field: string, requests: number): void {
    this.count(field, requests);
  }

  onSlice(slice: number, { additions, gauges, suspects, repeats }: Findings): void {
    const timeMs = endOfSlice(slice) - 1;
    let requests = 0;
    for (const [field, amount] of additions) {
      this.count(field, amount);
      if (parseLedgerField(field)?.metric === 'conductRequests') requests += amount;
    }
    for (const [field, value] of gauges) this.counters.set(field, value);
    for (const { consumer, caller, disposition } of repeats) {
      this.retries.add(timeMs, DISPOSITIONS.indexOf(disposition));
      if (isForbidden(disposition)) this.addForbidden(consumer === '' ? caller : consumer);
    }
    this.amplification.add(timeMs, requests, repeats.length);
    this.suspects.push(...suspects.slice(0, MOST_SUSPECTS - this.suspects.length));
  }

  /** To be called once, at the end. */
  report(): ConductReport {
    return conductReport(this.counters, this.suspects, this.amplification.result());
  }

  private count(field: string, amount: number): void {
    this.counters.set(field, (this.counters.get(field) ?? 0) + amount);
  }

  private addForbidden(caller: GroupKey): void {
    const known = this.forbidden.get(caller);
    if (known !== undefined || this.forbidden.size < MOST_GROUPS)
      this.forbidden.set(caller, (known ?? 0) + 1);
  }
}
