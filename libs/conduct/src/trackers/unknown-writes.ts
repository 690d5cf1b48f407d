import type { Findings, Suspect } from '../findings.js';
import type { NotedStep } from '../step.js';
import type { ConductPolicy, SavedLists, Tracker } from '../tracker.js';
import { OpenOperations } from './open-operations.js';
import type { Repeatable } from './repeat.js';

/** A write of which the caller does not know whether it was done. */
type UnknownWrite = Repeatable &
  Readonly<{
    vendor: string;
    device: string;
    method: string;
    path: string;
    consumer: string;
    caller: number;
    code: number;
    requestId: string;
  }>;

/** Somebody between the caller and the device gave up: the device may have done it, or may do it still. */
export const TELL_NOTHING = new Set([499, 502, 504]);
const isUnknown = ({ isWrite, isCut, code }: NotedStep): boolean =>
  isWrite && (isCut || TELL_NOTHING.has(code));

/**
 * Follows writes of unknown outcome to the request that repeats them: what both make may be there twice. One with an
 * Idempotency-Key counts like the others, for no document in the catalogue says that its vendor honours the key.
 */
export class UnknownWrites implements Tracker {
  private readonly open: OpenOperations<UnknownWrite>;

  constructor(policy: ConductPolicy, saved: SavedLists | undefined) {
    this.open = new OpenOperations(policy, saved?.[0]);
  }

  noted(step: NotedStep, findings: Findings): void {
    const first = step.isWrite ? this.open.takeRepeatedBy(step) : undefined;
    if (first !== undefined) {
      findings.count('repeatedWrites', [first.vendor, first.code]);
      findings.suspects.push(suspectOf(first, step));
    }
    if (!isUnknown(step)) return;
    findings.count('unknownWrites', [step.vendor, step.code]);
    this.open.add(unknownWriteOf(step), findings);
  }

  settle(untilMs: number): void {
    this.open.takeOver(untilMs);
  }

  save(): SavedLists {
    return [this.open.save()];
  }
}

const unknownWriteOf = (step: NotedStep): UnknownWrite => ({
  operation: step.operation,
  startMs: step.startMs,
  endMs: step.endMs,
  retryAfter: step.retryAfter,
  attempt: step.attempt,
  isExact: step.isExact,
  vendor: step.vendor,
  device: step.device,
  method: step.method,
  path: step.path,
  consumer: step.consumer,
  caller: step.caller,
  code: step.code,
  requestId: step.requestId,
});

const suspectOf = (first: UnknownWrite, again: NotedStep): Suspect => ({
  vendor: first.vendor,
  device: first.device,
  method: first.method,
  path: first.path,
  consumer: first.consumer,
  caller: first.caller.toString(16).padStart(12, '0'),
  isKeyed: first.isExact,
  first: { at: first.endMs, code: first.code, requestId: first.requestId },
  again: { at: again.endMs, code: again.code, requestId: again.requestId },
});
