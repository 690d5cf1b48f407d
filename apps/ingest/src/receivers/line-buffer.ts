import type { Logger } from '@nestjs/common';
import type { LiveSettings, Source } from '#settings';
import { crowding } from '../admission.js';
import { Hold, type Inflight } from '../inflight.js';
import type { IngestMetrics } from '../ingest-metrics.js';
import type { Reception } from '../reception.js';
import { Refused } from '../refusal.js';
import { SourceBytes } from '../source-bytes.js';
import { Submission } from '../submission.js';
import { DroppedLines } from './dropped-lines.js';
import { GatheredLines, type GatheredBatch } from './gathered-lines.js';

/** A batch is no larger, and a buffer has room for so many. */
const FULL_BYTES = 512 * 1024;
const BATCHES_HELD = 8;

/** Names of receivers whose senders wait for no answer. */
export type UnansweredProtocol = 'syslog_udp' | 'syslog_tcp' | 'syslog_tls' | 'tcp';

/** What lines are stored by. */
export interface LineStore {
  readonly reception: Reception;
  readonly inflight: Inflight;
  readonly metrics: IngestMetrics;
  readonly settings: LiveSettings;
  readonly logger: Logger;
}

/**
 * The lines of one receiver from the moment they came until they are stored: nobody waits for an answer, so nobody else
 * keeps them. Each source is stored by itself, so that one that has to wait keeps nobody waiting, and leaves the others
 * their share of the memory.
 */
export class LineBuffer {
  readonly dropped: DroppedLines;
  private readonly held = new SourceBytes();
  private readonly gathered = new Map<string, GatheredLines>();
  private readonly storing = new Set<Promise<void>>();
  private readonly givingUp = new AbortController();
  private freed = (): void => {};
  private whenFreed = this.nextFreed();
  private departs = false;

  constructor(
    private readonly protocol: UnansweredProtocol,
    private readonly store: LineStore,
  ) {
    this.dropped = new DroppedLines(protocol, store.metrics);
  }

  /**
   * The source that a line is for, by its names; the first that is known counts.
   * @param mayFor whether its sender may send for a source
   * @returns undefined if it is for none; it is counted as dropped
   */
  sourceOf(names: readonly string[], mayFor: (source: Source) => boolean): string | undefined {
    const { reception, settings } = this.store;
    const name = reception.find(names);
    const source = name === undefined ? undefined : settings.now.sources.get(name);
    if (!source) {
      // a message without a name is for the row that takes every name
      reception.tellUnknown([names.join(' or ') || '*']);
      this.dropped.count(undefined, 'unknown_source');
      return undefined;
    }
    if (mayFor(source)) return source.name;
    this.dropped.count(source.name, 'unauthorized');
    return undefined;
  }

  /** Whether a source has to wait, if it can, before it sends more. */
  isCrowded(source: string): boolean {
    const { sources } = this.store.settings.now;
    return (
      crowding({
        mark: this.limit,
        total: this.held.total,
        own: this.held.of(source),
        busy: this.held.busy,
        sources: sources.size,
      }) !== undefined
    );
  }

  /** Takes a line, whether there is room or not: whoever can make its sender wait does so afterwards. */
  add(source: string, line: Buffer): void {
    if (line.length === 0) return;
    this.dropped.begin(source);
    const known = this.gathered.get(source);
    if (known) return this.hold(source, known.add(line));
    const fresh = new GatheredLines(source, Math.min(FULL_BYTES, this.limit / BATCHES_HELD));
    if (this.departs) fresh.hurry();
    this.gathered.set(source, fresh);
    this.hold(source, fresh.add(line));
    const stored = this.storeAll(fresh).finally(() => this.storing.delete(stored));
    this.storing.add(stored);
  }

  /**
   * Resolves when none of these sources is crowded any more, or when the signal aborts.
   * @returns whether there is room
   */
  async room(sources: ReadonlySet<string>, signal: AbortSignal): Promise<boolean> {
    const isFull = (): boolean => [...sources].some((source) => this.isCrowded(source));
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    while (!signal.aborted && isFull()) await Promise.race([this.whenFreed, aborted]);
    return !isFull();
  }

  /** Stores what it holds; what cannot be stored within half of the time that there is to end is dropped. */
  async drain(): Promise<void> {
    const { deadline, notice } = this.store.settings.now.shutdown;
    const timer = setTimeout(() => this.givingUp.abort(), (deadline - notice) / 2);
    this.departs = true;
    for (const lines of this.gathered.values()) lines.hurry();
    while (this.storing.size > 0) await Promise.all(this.storing);
    clearTimeout(timer);
  }

  private async storeAll(lines: GatheredLines): Promise<void> {
    while (!lines.isEmpty) await this.storeBatch(lines.source, await lines.next());
    this.gathered.delete(lines.source);
  }

  private async storeBatch(source: string, { events, bytes }: GatheredBatch): Promise<void> {
    const { reception, inflight } = this.store;
    const hold = new Hold(inflight, source);
    // whether its sender may send for the source was asked line by line
    const submission = new Submission(this.protocol, events, () => true, hold);
    try {
      await reception.storePatiently(submission, this.givingUp.signal);
    } catch (error) {
      this.giveUp(source, submission, error as Error);
    } finally {
      hold.close();
      this.hold(source, -bytes);
      this.freed();
      this.whenFreed = this.nextFreed();
    }
  }

  private giveUp(source: string, { parts }: Submission, error: Error): void {
    const lines = parts.reduce((sum, { isStored, events }) => (isStored ? sum : sum + events), 0);
    const why = error instanceof Refused && error.detail ? `${error.message} ${error.detail}` : error.message;
    this.store.logger.warn(
      `${lines} lines of source ${source} that came over ${this.protocol} are lost: ${why}`,
    );
    this.dropped.count(source, this.givingUp.signal.aborted ? 'departed' : 'refused', lines);
  }

  private get limit(): number {
    return this.store.settings.now.ingest.receivers[this.protocol]?.max_buffer ?? 0;
  }

  private hold(source: string, bytes: number): void {
    this.held.add(source, bytes);
    this.store.metrics.bufferedBytes.set({ protocol: this.protocol }, this.held.total);
  }

  private nextFreed(): Promise<void> {
    return new Promise((resolve) => (this.freed = resolve));
  }
}
