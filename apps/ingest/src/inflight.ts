import { Injectable } from '@nestjs/common';
import { LiveSettings } from '#settings';
import { crowding } from './admission.js';
import { Refused } from './refusal.js';
import { SourceBytes } from './source-bytes.js';

/** The memory that bodies take from their first byte until their sender has been answered. */
@Injectable()
export class Inflight {
  private readonly bytes = new SourceBytes();

  constructor(private readonly settings: LiveSettings) {}

  get total(): number {
    return this.bytes.total;
  }

  of(source: string): number {
    return this.bytes.of(source);
  }

  /** @throws Refused `overloaded` */
  reserve(source: string, bytes: number, held: number): void {
    if (this.isCrowded(source, bytes, held))
      throw new Refused('overloaded', 'Too many bodies are being read: ingest.max_inflight.');
    this.bytes.add(source, bytes);
  }

  release(source: string, bytes: number): void {
    this.bytes.add(source, -bytes);
  }

  /** A body that is alone is read in any case: what deflate inflates to may be larger than max_inflight. */
  private isCrowded(source: string, bytes: number, held: number): boolean {
    const { total, busy } = this.bytes;
    const { ingest, sources } = this.settings.now;
    const mark = ingest.max_inflight;
    if (total === held) return false;
    if (total + bytes > mark) return true;
    const own = this.of(source);
    return crowding({ mark, total, own, busy, sources: sources.size }) !== undefined;
  }
}

/** The part of {@link Inflight} that one request has taken. */
export class Hold {
  private held = 0;
  private closed = false;

  constructor(
    private readonly inflight: Inflight,
    readonly source: string,
  ) {}

  get bytes(): number {
    return this.held;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** @throws Refused `overloaded` if there is no room for so many bytes in all */
  growTo(bytes: number): void {
    if (this.closed || bytes <= this.held) return;
    this.inflight.reserve(this.source, bytes - this.held, this.held);
    this.held = bytes;
  }

  /** Gives everything back. */
  empty(): void {
    this.inflight.release(this.source, this.held);
    this.held = 0;
  }

  /** Gives everything back, for good. */
  close(): void {
    this.closed = true;
    this.empty();
  }
}
