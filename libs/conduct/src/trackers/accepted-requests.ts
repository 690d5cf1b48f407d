import { mayFollow } from '../log-times.js';
import type { NotedStep } from '../step.js';
import type { Saved } from '../tracker.js';

/** A request that was accepted, as long as nobody has asked for its job. */
export type AcceptedRequest = Readonly<{
  vendor: string;
  device: string;
  caller: number;
  /** Hash of the job that Location names; negative if it does not tell. */
  location: number;
  startMs: number;
  endMs: number;
}>;

type Row = readonly [string, string, number, number, number, number];

/** Those that wait for a question for their job; found by the job that they name, else by their caller. */
export class AcceptedRequests {
  /** The oldest first. */
  private readonly all = new Set<AcceptedRequest>();
  private readonly byJob = new Map<number, AcceptedRequest[]>();
  private readonly byCaller = new Map<number, AcceptedRequest[]>();

  /** @param waitMs how long a question is waited for; @param saved what {@link save} returned */
  constructor(
    private readonly waitMs: number,
    saved: readonly Saved[] | undefined,
  ) {
    for (const [vendor, device, caller, location, startMs, endMs] of (saved ?? []) as unknown as Row[])
      this.add({ vendor, device, caller, location, startMs, endMs });
  }

  get size(): number {
    return this.all.size;
  }

  add(accepted: AcceptedRequest): void {
    this.all.add(accepted);
    const [index, key] = this.placeOf(accepted);
    const alike = index.get(key);
    if (alike === undefined) index.set(key, [accepted]);
    else alike.push(accepted);
  }

  /** Those that name the job that is asked for. */
  takeNaming(question: NotedStep): AcceptedRequest[] {
    const asked = (this.byJob.get(question.resource) ?? []).filter((one) => this.isInTime(one, question));
    for (const one of asked) this.remove(one);
    return asked;
  }

  /**
   * The one that a question for a job nobody knows is probably about: the latest of the same caller on the same device.
   */
  takeProbable(question: NotedStep): AcceptedRequest | undefined {
    const probable = this.byCaller
      .get(question.caller)
      ?.findLast((one) => isSameDevice(one, question) && this.isInTime(one, question));
    if (probable !== undefined) this.remove(probable);
    return probable;
  }

  takeOldest(): AcceptedRequest {
    const [oldest] = this.all;
    this.remove(oldest!);
    return oldest!;
  }

  /** Those that ended before then; they no longer wait. */
  takeUntil(endMs: number): AcceptedRequest[] {
    const over: AcceptedRequest[] = [];
    for (const one of this.all) {
      if (one.endMs >= endMs) break;
      over.push(one);
    }
    for (const one of over) this.remove(one);
    return over;
  }

  save(): readonly Saved[] {
    return [...this.all].map(({ vendor, device, caller, location, startMs, endMs }): Row => [
      vendor,
      device,
      caller,
      location,
      startMs,
      endMs,
    ]);
  }

  private isInTime(accepted: AcceptedRequest, question: NotedStep): boolean {
    return mayFollow(accepted, question) && question.startMs <= accepted.endMs + this.waitMs;
  }

  private remove(accepted: AcceptedRequest): void {
    this.all.delete(accepted);
    const [index, key] = this.placeOf(accepted);
    const alike = index.get(key)!;
    if (alike.length > 1) alike.splice(alike.indexOf(accepted), 1);
    else index.delete(key);
  }

  private placeOf({ location, caller }: AcceptedRequest): [Map<number, AcceptedRequest[]>, number] {
    return location >= 0 ? [this.byJob, location] : [this.byCaller, caller];
  }
}

/** A path may not name the device, so one that is not known fits any. */
export const isSameDevice = (
  accepted: AcceptedRequest,
  { vendor, device }: Pick<NotedStep, 'vendor' | 'device'>,
): boolean =>
  accepted.vendor === vendor && (accepted.device === device || accepted.device === '' || device === '');
