import { Injectable, Logger } from '@nestjs/common';
import { visibleText } from '#access-log';
import { LiveSettings } from '#settings';
import { BatchIntake, type Taken } from './batch-intake.js';
import type { SentBody } from './body.js';
import { GroupCommit } from './group-commit.js';
import { Hold, Inflight } from './inflight.js';
import { joinable } from './joinable.js';
import { patiently } from './patience.js';
import { QueuePressure } from './queue-pressure.js';
import { Refused } from './refusal.js';
import { SourceRates } from './source-rates.js';
import { StorableBodies } from './storable-bodies.js';
import type { Part, Submission } from './submission.js';
import { ToldOnce } from './told-once.js';

/** Where every receiver ends: what it read is stored, or refused. */
@Injectable()
export class Reception {
  private readonly logger = new Logger(Reception.name);
  private readonly groups = new GroupCommit();
  private readonly told = new ToldOnce();

  constructor(
    private readonly settings: LiveSettings,
    private readonly bodies: StorableBodies,
    private readonly intake: BatchIntake,
    private readonly inflight: Inflight,
    private readonly pressure: QueuePressure,
    private readonly rates: SourceRates,
  ) {}

  /** The source that goes by one of the names; the first that is known counts. */
  readonly find = (names: readonly string[]): string | undefined => {
    const { ingest, sources } = this.settings.now;
    return ingest.names.find(names, sources);
  };

  /**
   * Stores a body as it was sent. Small ones without a key are stored together with others.
   * @param key of the sender, the same for every repeat of the same lines
   * @throws Refused
   */
  async body(source: string, sent: SentBody, hold: Hold, key?: string): Promise<Taken> {
    const { sources, ingest } = this.settings.now;
    const settings = sources.get(source);
    const mayJoin = settings !== undefined && key === undefined;
    const small = mayJoin ? await joinable(settings, sent, ingest.max_inflated) : undefined;
    if (small) return this.groups.join(small, (lines) => this.group(source, lines));
    return this.alone(source, sent, hold, key);
  }

  /**
   * Stores all events whose source is known.
   * @throws Refused if that cannot be promised, the sender may not, or nobody knows any of the names
   */
  store(submission: Submission): Promise<void> {
    return this.storeParts(submission, false);
  }

  /**
   * As {@link store}, but what is transient is tried again under the same identity until it is stored.
   * @param signal gives up
   * @throws Refused for what is not transient, and the transient one at the end if the signal aborts
   */
  storePatiently(submission: Submission, signal: AbortSignal): Promise<void> {
    return patiently(signal, () => this.storeParts(submission, true));
  }

  /** @param repeats whether it is tried again if it fails: a group would have another identity each time */
  private async storeParts(submission: Submission, repeats: boolean): Promise<void> {
    await this.admit(submission);
    const { parts, hold } = submission;
    const open = parts.filter(({ isStored }) => !isStored);
    for (const { source } of open) {
      this.pressure.check(source, hold);
      this.rates.check(source);
    }
    for (const { source, lines } of open) this.rates.took(source, lines.length);
    const ends = await Promise.allSettled(open.map((part) => this.storePart(submission, part, repeats)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  private async storePart(submission: Submission, part: Part, repeats: boolean): Promise<void> {
    const { source, lines } = part;
    const sent: SentBody = { bytes: lines, encoding: 'identity', areEvents: true };
    const key = submission.keyOf(part);
    if (key === undefined && !repeats) await this.body(source, sent, submission.hold);
    else {
      const body = await this.bodies.of(source, sent, submission.hold);
      const again = part.identity !== undefined;
      part.identity ??= this.intake.identify(source, body.bytes, key);
      await this.intake.take(source, body, part.identity, again);
    }
    part.isStored = true;
  }

  /** Stores a body as a batch of its own. */
  private async alone(source: string, sent: SentBody, hold: Hold, key?: string): Promise<Taken> {
    const body = await this.bodies.of(source, sent, hold);
    return this.intake.take(source, body, this.intake.identify(source, body.bytes, key));
  }

  private async group(source: string, lines: Buffer): Promise<Taken> {
    const hold = new Hold(this.inflight, source);
    try {
      return await this.alone(source, { bytes: lines, encoding: 'identity', areEvents: true }, hold);
    } finally {
      hold.close();
    }
  }

  /** Once for each submission: its memory, who sends it, and under which names. */
  private async admit(submission: Submission): Promise<void> {
    if (submission.isAdmitted) return;
    const { events, parts, sender, hold } = submission;
    if (events.unknown > 0) this.tellUnknown(events.unknownNames);
    for (const { source } of parts) {
      const settings = this.settings.now.sources.get(source);
      if (!settings || !(await sender(settings))) throw new Refused('unauthorized');
    }
    if (parts.length === 0 && events.unknown > 0)
      throw new Refused('unknown_source', `It was ${events.unknownNames.join(', ')}.`);
    hold.growTo(hold.bytes + events.bytes);
    submission.isAdmitted = true;
  }

  /** Says once for each name what to do about it. */
  tellUnknown(names: readonly string[]): void {
    for (const name of names) {
      if (!this.told.isNew(name)) continue;
      this.logger.warn(
        `no source goes by the name "${visibleText(name)}": add it to ingest.names in ${this.settings.file}`,
      );
    }
  }
}
