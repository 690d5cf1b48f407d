import { EventsBySource } from '#protocols';

/** A batch is no larger, but for its last line. */
const FULL_BYTES = 512 * 1024;
/** So long the first line of a batch waits for others. */
const RIPE_MS = 200;

/** Lines of one source that become a batch. */
export interface GatheredBatch {
  readonly events: EventsBySource;
  /** As they came, with an end each. */
  readonly bytes: number;
}

/** The lines of one source, gathered into batches: a batch is ripe when it is full, or its first line is old. */
export class GatheredLines {
  private readonly full: GatheredBatch[] = [];
  private events: EventsBySource;
  private bytes = 0;
  private hurries = false;
  private timer: NodeJS.Timeout | undefined;
  private ripen: (() => void) | undefined;

  constructor(readonly source: string) {
    this.events = this.noEvents();
  }

  get isEmpty(): boolean {
    return this.bytes === 0 && this.full.length === 0;
  }

  /** @returns the bytes that it takes */
  add(line: Buffer): number {
    const bytes = line.length + 1;
    this.events.add([this.source], line);
    this.bytes += bytes;
    if (this.bytes >= FULL_BYTES) this.close();
    return bytes;
  }

  /** Resolves with the oldest batch when it is ripe. There has to be a line. */
  async next(): Promise<GatheredBatch> {
    if (this.full.length === 0) await this.ripe();
    if (this.full.length === 0) this.close();
    return this.full.shift()!;
  }

  /** From now on every batch is ripe. */
  hurry(): void {
    this.hurries = true;
    this.ripen?.();
  }

  private async ripe(): Promise<void> {
    if (this.hurries) return;
    await new Promise<void>((resolve) => {
      this.ripen = resolve;
      this.timer = setTimeout(resolve, RIPE_MS);
    });
    clearTimeout(this.timer);
    this.ripen = undefined;
  }

  private close(): void {
    this.full.push({ events: this.events, bytes: this.bytes });
    this.events = this.noEvents();
    this.bytes = 0;
    this.ripen?.();
  }

  private noEvents(): EventsBySource {
    return new EventsBySource(() => this.source);
  }
}
