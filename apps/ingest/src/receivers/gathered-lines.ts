import { EventsBySource } from '#protocols';

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
  private wake: (() => void) | undefined;

  /** @param fullBytes a batch is no larger, but for its last line */
  constructor(
    readonly source: string,
    private readonly fullBytes: number,
  ) {
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
    if (this.bytes >= this.fullBytes) this.close();
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
    this.wake?.();
  }

  private async ripe(): Promise<void> {
    if (this.hurries) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      this.timer = setTimeout(resolve, RIPE_MS);
    });
    clearTimeout(this.timer);
    this.wake = undefined;
  }

  private close(): void {
    this.full.push({ events: this.events, bytes: this.bytes });
    this.events = this.noEvents();
    this.bytes = 0;
    this.wake?.();
  }

  private noEvents(): EventsBySource {
    return new EventsBySource(() => this.source);
  }
}
