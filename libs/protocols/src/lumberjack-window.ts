import { createHash, type Hash } from 'node:crypto';
import type { EventsBySource } from './events-by-source.js';
import { jsonEvent, pairsEvent } from './lumberjack-event.js';
import type { LumberjackFrame } from './lumberjack-frames.js';

type EventFrame = Extract<LumberjackFrame, { type: 'json' | 'pairs' }>;

/** The events that are acknowledged together. */
export class LumberjackWindow {
  private taken = 0;
  private last = 0;
  /** Of the positions so far; undefined once an event has had none. */
  private positions: Hash | undefined = createHash('sha256');

  /** @param size how many events are in it */
  constructor(
    readonly version: number,
    private readonly size: number,
    readonly events: EventsBySource,
  ) {}

  get isFull(): boolean {
    return this.taken >= this.size;
  }

  /** Of its last event, as it was received: some clients count from 1 in each window, others go on. */
  get sequence(): number {
    return this.last;
  }

  /** The same whenever the window is sent again; undefined if its events do not say where they stand. For a full one. */
  get key(): string | undefined {
    return this.positions?.copy().digest('base64');
  }

  add({ type, sequence, body }: EventFrame): void {
    const { event, names, position } = type === 'json' ? jsonEvent(body) : pairsEvent(body);
    this.events.add(names, event);
    this.last = sequence;
    this.taken++;
    if (position === undefined) this.positions = undefined;
    else this.positions?.update(`${position}\n`);
  }
}
