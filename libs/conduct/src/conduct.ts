import { Findings } from './findings.js';
import { isNoted } from './step.js';
import { pieceTotals, stepsInOrder } from './step-reader.js';
import { endOfSlice } from './slice.js';
import { bytesOfStates, statesIn } from './saved-states.js';
import type { ConductPolicy, Tracker, TrackerKind } from './tracker.js';
import { Authentication } from './trackers/authentication.js';
import { Jobs } from './trackers/jobs.js';
import { Retries } from './trackers/retries.js';
import { Sessions } from './trackers/sessions.js';
import { UnknownWrites } from './trackers/unknown-writes.js';

/** What is followed, by the name under which its state is kept. */
const TRACKERS: Readonly<Record<string, TrackerKind>> = {
  retries: Retries,
  unknownWrites: UnknownWrites,
  jobs: Jobs,
  authentication: Authentication,
  sessions: Sessions,
};

/**
 * Follows the callers of a source from slice to slice of time. The same slices give the same findings and the same state,
 * whatever the order in which their lines came and whoever judges them.
 */
export class Conduct {
  private readonly trackers: readonly (readonly [name: string, tracker: Tracker])[];

  /**
   * @param saved what `save` returned after the slice before; undefined at the beginning
   * @throws Error if it is damaged or of another version
   */
  constructor(
    private readonly source: string,
    policy: ConductPolicy,
    saved?: Buffer,
  ) {
    const states = saved && statesIn(saved);
    this.trackers = Object.entries(TRACKERS).map(([name, Kind]) => [
      name,
      new Kind(policy, states?.get(name)),
    ]);
  }

  /**
   * Judges a slice; slices come in the order of time, and those without a step may be left out.
   * @param pieces what each batch has of it, in any order
   */
  judge(slice: number, pieces: readonly Uint8Array[]): Findings {
    const findings = new Findings(this.source);
    for (const [vendor, requests] of pieceTotals(pieces))
      findings.count('conductRequests', [vendor], requests);
    this.settle(endOfSlice(slice - 1), findings);
    for (const step of stepsInOrder(pieces)) {
      if (isNoted(step)) for (const [, tracker] of this.trackers) tracker.noted(step, findings);
      else for (const [, tracker] of this.trackers) tracker.plain?.(step, findings);
    }
    this.settle(endOfSlice(slice), findings);
    findings.set('conductSettled', [], endOfSlice(slice));
    return findings;
  }

  save(): Buffer {
    return bytesOfStates(this.trackers.map(([name, tracker]) => [name, tracker.save()]));
  }

  private settle(untilMs: number, findings: Findings): void {
    for (const [, tracker] of this.trackers) tracker.settle(untilMs, findings);
  }
}
