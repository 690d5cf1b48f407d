import type { EventsBySource, SourceLines } from '#protocols';
import type { Source } from '#settings';
import type { BatchIdentity } from './batch-intake.js';
import type { Hold } from './inflight.js';

/** Tells whether whoever sends may send for a source. */
export type Sender = (source: Source) => boolean | Promise<boolean>;

/** Lines of a submission that become a batch of their own. */
export interface Part extends SourceLines {
  /** What it was tried with before. */
  identity?: BatchIdentity;
  isStored: boolean;
}

/** What a receiver read and wants to be stored. It remembers what is stored already, so that it can be tried again. */
export class Submission {
  readonly parts: readonly Part[];
  isAdmitted = false;
  private readonly key: string | undefined;

  /**
   * @param protocol whose key it is
   * @param key the same for every repeat of the same events
   */
  constructor(
    protocol: string,
    readonly events: EventsBySource,
    readonly sender: Sender,
    readonly hold: Hold,
    key?: string,
  ) {
    this.parts = events.all.map((lines) => ({ ...lines, isStored: false }));
    this.key = key === undefined ? undefined : `${protocol}\0${key}`;
  }

  keyOf({ kind }: Part): string | undefined {
    return this.key === undefined ? undefined : `${this.key}\0${kind}`;
  }
}
