import type { Findings } from '../findings.js';
import type { Step } from '../step.js';
import type { ConductPolicy, Saved } from '../tracker.js';
import { isRepeat, overAt, type Repeatable } from './repeat.js';

/** More requests of one operation are not told apart: finding the one that is repeated must stay quick. */
const MOST_ALIKE = 1000;

/** Each kept request as a row, without the names of its values. */
type SavedRows = readonly [names: readonly string[], ...rows: readonly Saved[][]];

/**
 * Requests that may be sent again, until their time is over. A request is repeated once: of several of the same
 * operation, which only callers that look alike can have, the oldest. Beyond `policy.maxOperations` the oldest of all is
 * forgotten, and counted.
 */
export class OpenOperations<Kept extends Repeatable> implements Iterable<Kept> {
  /** The oldest first. */
  private readonly all = new Set<Kept>();
  private readonly alike = new Map<number, Kept[]>();
  /** Goes on where it was: a new iterator would walk past all that has been removed. */
  private readonly oldestFirst = this.all.values();
  /** Epoch milliseconds: so slices that end nobody's time are not searched. */
  private noneOverBefore = Infinity;

  /** @param saved what {@link save} returned */
  constructor(
    private readonly policy: ConductPolicy,
    saved: readonly Saved[] | undefined,
  ) {
    if (saved === undefined) return;
    const [names, ...rows] = saved as SavedRows;
    for (const row of rows) this.keep(Object.fromEntries(names.map((name, i) => [name, row[i]])) as Kept);
  }

  [Symbol.iterator](): IterableIterator<Kept> {
    return this.all.values();
  }

  /** Steps come in the order of their ends, so the one that is added is the newest. */
  add(kept: Kept, findings: Findings): void {
    const alike = this.alike.get(kept.operation);
    if (alike !== undefined && alike.length >= MOST_ALIKE) this.forget(alike[0]!, findings);
    else if (this.all.size >= this.policy.maxOperations)
      this.forget(this.oldestFirst.next().value!, findings);
    this.keep(kept);
  }

  /** The request that a step repeats, which then is no longer open. */
  takeRepeatedBy(step: Step): Kept | undefined {
    const first = this.alike
      .get(step.operation)
      ?.find((kept) => isRepeat(kept, step, this.policy.retryWindowMs));
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Those that can no longer be repeated by a step that ends at `untilMs` or later; they are no longer open. */
  takeOver(untilMs: number): Kept[] {
    const over: Kept[] = [];
    if (untilMs <= this.noneOverBefore) return over;
    this.noneOverBefore = Infinity;
    for (const kept of this.all) {
      const end = overAt(kept, this.policy.retryWindowMs);
      if (end < untilMs) over.push(kept);
      else this.noneOverBefore = Math.min(this.noneOverBefore, end);
    }
    for (const kept of over) this.remove(kept);
    return over;
  }

  remove(kept: Kept): void {
    this.all.delete(kept);
    const alike = this.alike.get(kept.operation)!;
    if (alike.length > 1) alike.splice(alike.indexOf(kept), 1);
    else this.alike.delete(kept.operation);
  }

  save(): readonly Saved[] {
    const kept = [...this.all] as { readonly [name: string]: Saved }[];
    const names = Object.keys(kept[0] ?? {});
    return [names, ...kept.map((one) => names.map((name) => one[name]!))];
  }

  private keep(kept: Kept): void {
    this.all.add(kept);
    this.noneOverBefore = Math.min(this.noneOverBefore, overAt(kept, this.policy.retryWindowMs));
    const alike = this.alike.get(kept.operation);
    if (alike === undefined) this.alike.set(kept.operation, [kept]);
    else alike.push(kept);
  }

  private forget(kept: Kept, findings: Findings): void {
    this.remove(kept);
    findings.count('conductSkipped', ['evicted']);
  }
}
