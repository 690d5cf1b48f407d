import { RequestKeys, vendorFacts } from '#conduct';
import { VERDICTS } from '#catalogue';
import { LEDGER_BUCKETS, SourceReader, consumersOf } from '#verdict';
import { VerdictCounts } from '../counting/verdict-counts.js';
import type { FileLines } from '../log-files.js';
import { Backfill } from './backfill.js';
import { CallerConduct } from './caller-conduct.js';
import { Callers } from './callers.js';
import { FollowedCallers } from './followed-callers.js';
import { grouping, timeGrouping, type Grouping } from './grouping.js';
import { Review, type Look } from './review.js';
import { Timeline } from './timeline.js';
import { VerdictGroups } from './verdict-groups.js';
import type { Surroundings, Wanted } from './wanted.js';

/** Groups of requests, and what they are groups of. */
export interface Grouped {
  readonly grouping: Grouping;
  readonly groups: VerdictGroups;
}

/** Callers are told apart within one run: nobody from outside can know in what order hashes fall. */
const KEY = new Uint8Array(8);

/** Finds out in one pass over the lines of log files all that is wanted of them. */
export class LogReview {
  readonly verdicts: VerdictCounts;
  readonly review: Review;
  readonly tables: readonly Grouped[];
  readonly callers: Grouped | undefined;
  readonly conduct: CallerConduct | undefined;
  /** Requests by verdict, in the order of VERDICTS. */
  readonly timeline: Timeline | undefined;
  readonly backfill: Backfill | undefined;
  private readonly reader: SourceReader;
  private readonly followed: FollowedCallers | undefined;

  constructor(
    wanted: Wanted,
    private readonly surroundings: Surroundings,
  ) {
    const { lens, source, reading, maxDevices, conduct, now } = surroundings;
    const policy = { ...conduct, ...vendorFacts(lens.catalogue.files) };
    const moment = { receivedAt: now, now, lateAfterMs: Infinity };
    this.reader = new SourceReader(lens, reading);
    this.verdicts = new VerdictCounts(lens.catalogue);
    const consumers = consumersOf(reading.consumers ?? []);
    const keys = new RequestKeys(lens, KEY);
    const callers = new Callers(consumers, (request) => keys.caller(request));
    const grouped = (by: Wanted['by'][number]): Grouped => ({
      grouping: typeof by === 'string' ? grouping(by, { lens, callers }) : timeGrouping(by.text, by.widthMs),
      groups: new VerdictGroups(),
    });
    this.tables = wanted.by.map(grouped);
    this.callers = wanted.conduct
      ? (this.tables.find(({ grouping: { by } }) => by === 'consumer') ?? grouped('consumer'))
      : undefined;
    this.timeline = wanted.timeline ? new Timeline(VERDICTS.length) : undefined;
    this.conduct = wanted.conduct ? new CallerConduct() : undefined;
    this.backfill =
      wanted.stepMs === undefined
        ? undefined
        : new Backfill(source, wanted.stepMs, maxDevices, () => this.reader.newTally(LEDGER_BUCKETS, moment));
    const watchers = [this.conduct, this.backfill].filter((watcher): watcher is CallerConduct | Backfill =>
      Boolean(watcher),
    );
    this.followed =
      watchers.length > 0 ? new FollowedCallers({ ...surroundings, policy, consumers }, watchers) : undefined;
    this.review = new Review(
      [this.verdicts, ...(this.backfill ? [this.backfill] : [])],
      this.looks(),
      this.followed?.look,
      wanted.span,
    );
  }

  /** For `readLogFiles`. */
  begin(): FileLines {
    const { review, followed } = this;
    const file = review.newFile();
    const lines = this.reader.begin(file, this.surroundings.maxLineBytes);
    return {
      formatChosen: () => lines.formatChosen(),
      push: (chunk) => {
        lines.push(chunk);
        file.endPiece();
        followed?.settle(review.reachedMs);
      },
      end: () => {
        lines.end();
        file.endFile();
      },
      reachedMs: () => file.reachedMs,
    };
  }

  /** To be called when all files have been read. */
  end(): void {
    this.followed?.end();
    this.backfill?.end();
  }

  private looks(): Look[] {
    const { timeline, followed, callers, tables } = this;
    const { catalogue } = this.surroundings.lens;
    const counted = callers && !tables.includes(callers) ? [...tables, callers] : tables;
    const looks = counted.map(
      ({ grouping, groups }): Look =>
        (cell, request) =>
          groups.add(grouping.keyOf(cell, request), catalogue.verdictId(cell)),
    );
    if (timeline)
      looks.push((cell, { timeMs }) => {
        if (timeMs >= 0) timeline.add(timeMs, catalogue.verdictId(cell));
      });
    if (followed) looks.push(followed.look);
    return looks;
  }
}
