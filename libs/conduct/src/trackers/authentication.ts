import type { AUTHENTICATION_OUTCOMES } from '#metric-names';
import type { Findings } from '../findings.js';
import { ANSWERED_WITHIN_MS, mayFollow } from '../log-times.js';
import { wentWell, type NotedStep, type Step } from '../step.js';
import type { ConductPolicy, SavedLists, Tracker } from '../tracker.js';
import { Remembered } from './remembered.js';

/** Requests of a caller on a device whose credentials were refused, one after the other. */
type Run = Readonly<{
  vendor: string;
  /** When the first of them was sent and answered, and the last was answered; epoch milliseconds. */
  startMs: number;
  endMs: number;
  lastMs: number;
  /** What was refused; going well, each of them tells that the caller got in. */
  operations: readonly number[];
  /** Whether it has been counted as broken: that happens while it lasts, for it may last for days. */
  isCounted: boolean;
}>;

/** Who is not in by then is not renewing a token. */
const RENEWED_WITHIN_MS = 60_000;
/** Of a run that refuses more, the first ones are looked out for. */
const MOST_OPERATIONS = 8;

/** Tells callers whose token had expired from those whose credentials do not hold, by what they do after a 401. */
export class Authentication implements Tracker {
  /** By vendor, device and caller. */
  private readonly runs: Remembered<string, Run>;
  /** The run that refused an operation. */
  private readonly refused = new Map<number, string>();

  constructor(policy: ConductPolicy, saved: SavedLists | undefined) {
    this.runs = new Remembered(policy.maxOperations, saved?.[0]);
    for (const [key, { operations }] of this.runs)
      for (const operation of operations) this.refused.set(operation, key);
  }

  plain(step: Step, findings: Findings): void {
    const key = this.refused.get(step.operation);
    if (key !== undefined) this.letIn(key, step, findings);
  }

  noted(step: NotedStep, findings: Findings): void {
    if (step.reason === 'authentication') return this.refuse(step, findings);
    if (!wentWell(step)) return;
    if (step.role === 'opens_session') this.letIn(keyOf(step), step, findings);
    this.plain(step, findings);
  }

  settle(untilMs: number, findings: Findings): void {
    const over = untilMs - RENEWED_WITHIN_MS - ANSWERED_WITHIN_MS;
    for (const [key, run] of this.runs.takeOver(({ lastMs }) => lastMs < over)) this.end(key, run, findings);
    for (const [key, run] of this.runs)
      if (!run.isCounted && run.endMs < over) {
        countRun(findings, run, 'broken');
        this.runs.replace(key, { ...run, isCounted: true });
      }
  }

  save(): SavedLists {
    return [this.runs.save()];
  }

  private refuse(step: NotedStep, findings: Findings): void {
    const key = keyOf(step);
    const run = this.runs.get(key);
    const goesOn = run !== undefined && step.startMs <= run.lastMs + RENEWED_WITHIN_MS;
    if (run !== undefined && !goesOn) this.end(key, run, findings);
    this.keep(key, goesOn ? longer(run, step) : firstOf(step), findings);
  }

  private keep(key: string, run: Run, findings: Findings): void {
    for (const operation of run.operations) this.refused.set(operation, key);
    const forgotten = this.runs.set(key, run);
    if (forgotten === undefined) return;
    this.forgetOperations(...forgotten);
    findings.count('conductSkipped', ['evicted']);
  }

  /** A request went well that shows that the credentials hold now. */
  private letIn(key: string, step: Step, findings: Findings): void {
    const run = this.runs.get(key);
    if (run === undefined || !mayFollow(run, step)) return;
    this.runs.delete(key);
    if (step.startMs <= run.endMs + RENEWED_WITHIN_MS && !run.isCounted) {
      this.forgetOperations(key, run);
      countRun(findings, run, 'renewed');
    } else this.end(key, run, findings);
  }

  /** Nothing showed in time that the credentials hold. */
  private end(key: string, run: Run, findings: Findings): void {
    this.forgetOperations(key, run);
    if (!run.isCounted) countRun(findings, run, 'broken');
  }

  private forgetOperations(key: string, { operations }: Run): void {
    for (const operation of operations)
      if (this.refused.get(operation) === key) this.refused.delete(operation);
  }
}

const keyOf = ({ vendor, device, caller }: NotedStep): string => `${vendor}|${device}|${caller}`;

const firstOf = ({ vendor, startMs, endMs, operation }: NotedStep): Run => ({
  vendor,
  startMs,
  endMs,
  lastMs: endMs,
  operations: [operation],
  isCounted: false,
});

function longer(run: Run, { endMs, operation }: NotedStep): Run {
  const isKnown = run.operations.includes(operation) || run.operations.length >= MOST_OPERATIONS;
  return { ...run, lastMs: endMs, operations: isKnown ? run.operations : [...run.operations, operation] };
}

const countRun = (
  findings: Findings,
  { vendor }: Run,
  outcome: (typeof AUTHENTICATION_OUTCOMES)[number],
): void => findings.count('authentication', [vendor, outcome]);
