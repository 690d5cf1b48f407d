import type { SESSION_OUTCOMES } from '#metric-names';
import type { Findings } from '../findings.js';
import { ANSWERED_WITHIN_MS } from '../log-times.js';
import { wentWell, type NotedStep } from '../step.js';
import type { ConductPolicy, SavedLists, Tracker } from '../tracker.js';
import { Remembered } from './remembered.js';

/** A caller with sessions on a device that it has not closed. */
type Holder = Readonly<{
  vendor: string;
  device: string;
  /** When each was opened, epoch milliseconds; the oldest first. */
  opened: readonly number[];
  /** When the caller was seen at work last. */
  seenMs: number;
}>;

/** The devices of which a number of sessions is shown, and that number. */
type Shown = Map<string, { readonly vendor: string; readonly device: string; sessions: number }>;

/** A session that nobody has closed by then, though its caller was not seen at work either, was left open. */
const LEFT_OPEN_AFTER_MS = 3_600_000;

/**
 * Counts sessions by what a log shows of them: that one is opened, and that one is closed. Which of them a request uses,
 * it does not show. So a caller is taken to use its newest session, and to close its newest; the others are idle since
 * they were opened. A caller that only reads is not seen at work.
 */
export class Sessions implements Tracker {
  /** By vendor, device and caller. */
  private readonly holders: Remembered<string, Holder>;
  private readonly shown: Shown = new Map();
  /** Sessions of all holders. */
  private open = 0;

  constructor(
    private readonly policy: ConductPolicy,
    saved: SavedLists | undefined,
  ) {
    const [holders, shown = []] = saved ?? [];
    this.holders = new Remembered(policy.maxOperations, holders);
    for (const [, { opened }] of this.holders) this.open += opened.length;
    for (const [vendor, device] of shown as [string, string][]) this.show(vendor, device, 0);
  }

  noted(step: NotedStep, findings: Findings): void {
    if (!wentWell(step)) return;
    if (step.role === 'opens_session') this.add(step, findings);
    else if (step.role === 'closes_session') this.close(step, findings);
    else this.work(step);
  }

  settle(untilMs: number, findings: Findings): void {
    for (const [key, holder] of this.holders) this.leave(key, holder, untilMs, findings);
    this.tell(untilMs, findings);
  }

  save(): SavedLists {
    return [this.holders.save(), [...this.shown.values()].map(({ vendor, device }) => [vendor, device])];
  }

  private add(step: NotedStep, findings: Findings): void {
    const { vendor, device, endMs } = step;
    countSessions(findings, vendor, 'opened');
    if (this.open >= this.policy.maxOperations) this.evict(findings);
    this.open++;
    const opened = this.holders.get(keyOf(step))?.opened ?? [];
    this.holders.set(keyOf(step), { vendor, device, opened: [...opened, endMs], seenMs: endMs });
  }

  private close(step: NotedStep, findings: Findings): void {
    countSessions(findings, step.vendor, 'closed');
    const holder = this.holders.get(keyOf(step));
    if (holder !== undefined) this.keep(keyOf(step), { ...holder, opened: holder.opened.slice(0, -1) });
  }

  private work(step: NotedStep): void {
    const holder = this.holders.get(keyOf(step));
    if (holder !== undefined) this.holders.replace(keyOf(step), { ...holder, seenMs: step.endMs });
  }

  /** What nobody has closed in an hour, or while it lives by itself if that is longer. */
  private leave(key: string, holder: Holder, untilMs: number, findings: Findings): void {
    const idleMs = this.idleMs(holder.vendor) ?? 0;
    const over = untilMs - Math.max(idleMs, LEFT_OPEN_AFTER_MS) - ANSWERED_WITHIN_MS;
    const opened = holder.opened.filter((_, i) => usedMs(holder, i) >= over);
    countSessions(findings, holder.vendor, 'left_open', holder.opened.length - opened.length);
    if (opened.length < holder.opened.length) this.keep(key, { ...holder, opened });
  }

  private evict(findings: Findings): void {
    const [key, holder] = this.holders.oldest();
    findings.count('conductSkipped', ['evicted']);
    this.keep(key, { ...holder, opened: holder.opened.slice(1) });
  }

  /** With fewer sessions than before. */
  private keep(key: string, holder: Holder): void {
    this.open += holder.opened.length - this.holders.get(key)!.opened.length;
    if (holder.opened.length === 0) this.holders.delete(key);
    else this.holders.replace(key, holder);
  }

  /** A device that has no session any more is told once more, with 0. */
  private tell(untilMs: number, findings: Findings): void {
    for (const one of this.shown.values()) one.sessions = 0;
    for (const [, holder] of this.holders) {
      const idleMs = this.idleMs(holder.vendor);
      if (idleMs === undefined) continue;
      const alive = holder.opened.filter((_, i) => usedMs(holder, i) + idleMs > untilMs).length;
      if (alive > 0) this.show(holder.vendor, holder.device, alive);
    }
    for (const [key, { vendor, device, sessions }] of this.shown) {
      findings.set('sessionsOpen', [vendor, device], sessions);
      if (sessions === 0) this.shown.delete(key);
    }
  }

  private show(vendor: string, device: string, sessions: number): void {
    const key = `${vendor}|${device}`;
    const shown = this.shown.get(key);
    if (shown === undefined) this.shown.set(key, { vendor, device, sessions });
    else shown.sessions += sessions;
  }

  /** How long a session lives unused, milliseconds; undefined where no document tells. */
  private idleMs(vendor: string): number | undefined {
    const seconds = this.policy.sessionIdle.get(vendor);
    return seconds === undefined ? undefined : seconds * 1000;
  }
}

const keyOf = ({ vendor, device, caller }: NotedStep): string => `${vendor}|${device}|${caller}`;

/** When a session of the holder was used last, as far as the log shows. */
const usedMs = ({ opened, seenMs }: Holder, index: number): number =>
  index === opened.length - 1 ? Math.max(opened[index]!, seenMs) : opened[index]!;

const countSessions = (
  findings: Findings,
  vendor: string,
  outcome: (typeof SESSION_OUTCOMES)[number],
  sessions = 1,
): void => findings.count('sessions', [vendor, outcome], sessions);
