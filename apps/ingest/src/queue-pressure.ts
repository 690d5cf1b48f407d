import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { isReady } from '#redis';
import { LiveSettings } from '#settings';
import { crowding, type Crowding } from './admission.js';
import { Inflight, type Hold } from './inflight.js';
import { readQueue } from './queue-reading.js';
import { Refused } from './refusal.js';
import { SourceBytes } from './source-bytes.js';
import { REDIS } from './tokens.js';

const READ_EVERY_MS = 500;

const DETAILS: Readonly<Record<Crowding, string>> = {
  full: 'The queue is full: ingest.queue, or 60 % of the maxmemory of Redis.',
  over_share: 'The queue is filling, and this source has taken its share of it.',
};

/**
 * How full the queue is: what Redis said last, and what this process has accepted since or is reading now. While
 * Redis is away it knows nothing new, and {@link BatchIntake} refuses.
 */
@Injectable()
export class QueuePressure implements OnModuleInit, OnApplicationShutdown {
  private queued = new SourceBytes();
  /** Accepted since the last reading began, so perhaps not in it. */
  private recent = new SourceBytes();
  /** Of sources; one that left the settings may still have batches in the queue. */
  private readonly names = new Set<string>();
  private mark: number;
  private oldest: number | undefined;
  private isReading = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly settings: LiveSettings,
    private readonly inflight: Inflight,
  ) {
    this.mark = settings.now.ingest.queue.max_bytes;
  }

  onModuleInit(): void {
    this.timer = setInterval(() => void this.read(), READ_EVERY_MS);
    this.redis.on('ready', () => void this.read());
    void this.read();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * @param hold what the body that asks has taken already
   * @throws Refused `overloaded` if the source may not queue anything now
   */
  check(source: string, hold?: Hold): void {
    if (this.isTooOld())
      throw new Refused('overloaded', 'The oldest batch waits longer than ingest.queue.max_age.');
    const held = hold?.bytes ?? 0;
    const crowded = crowding({
      mark: this.mark,
      total: this.queued.total + this.inflight.total - held,
      own: this.queued.of(source) + this.inflight.of(source) - (hold?.source === source ? held : 0),
      busy: this.queued.busy,
      sources: this.settings.now.sources.size,
    });
    if (crowded !== undefined) throw new Refused('overloaded', DETAILS[crowded]);
  }

  /** To be told of every batch that went into the queue. */
  accepted(source: string, bytes: number): void {
    this.queued.add(source, bytes);
    this.recent.add(source, bytes);
  }

  private isTooOld(): boolean {
    const { max_age } = this.settings.now.ingest.queue;
    return max_age !== 'off' && this.oldest !== undefined && Date.now() - this.oldest > max_age;
  }

  private async read(): Promise<void> {
    if (this.isReading || !isReady(this.redis)) return;
    this.isReading = true;
    const before = this.recent;
    this.recent = new SourceBytes();
    try {
      await this.update();
    } catch {
      this.recent.addAll(before);
    } finally {
      this.isReading = false;
    }
  }

  private async update(): Promise<void> {
    const { max_bytes, max_age } = this.settings.now.ingest.queue;
    for (const name of this.settings.now.sources.keys()) this.names.add(name);
    const reading = await readQueue(this.redis, [...this.names], max_age !== 'off');
    this.mark = Math.min(max_bytes, reading.queued.total + reading.memoryLeft);
    this.oldest = reading.oldest;
    this.queued = reading.queued;
    this.queued.addAll(this.recent);
  }
}
