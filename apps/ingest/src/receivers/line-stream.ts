import type { Connection } from './connection.js';
import type { DropReason } from './dropped-lines.js';
import type { LineBuffer } from './line-buffer.js';

interface Splitter {
  readonly hasBegun: boolean;
  push(piece: Buffer): void;
  end(): void;
}

/** The lines of one connection, whose sender is made to wait while there is no room for more. */
export class LineStream {
  private readonly crowded = new Set<string>();

  constructor(
    private readonly connection: Connection,
    private readonly buffer: LineBuffer,
    /** What becomes of lines for which there is no room: the sender waits, or they are lost. */
    private readonly whenFull: 'wait' | 'drop' = 'wait',
  ) {}

  /** @param names of its source */
  take(names: readonly string[], line: Buffer): void {
    const source = this.buffer.sourceOf(names, this.connection.sender);
    if (source === undefined) return;
    const isCrowded = this.buffer.isCrowded(source);
    if (isCrowded && this.whenFull === 'drop') return this.buffer.dropped.count(source, 'buffer_full');
    if (isCrowded) this.crowded.add(source);
    this.buffer.add(source, line);
  }

  /** A line of which too little is left to be taken. */
  lose(names: readonly string[], reason: DropReason): void {
    const source = this.buffer.sourceOf(names, this.connection.sender);
    if (source !== undefined) this.buffer.dropped.count(source, reason);
  }

  /**
   * Reads to the end. Nothing is read while a source of the last piece is crowded: the sender's own queue holds the rest.
   * @param splitter splits it into lines and {@link take}s them
   * @param source of a line within which the connection breaks, where all are for one
   */
  async read(splitter: Splitter, source?: string): Promise<void> {
    for await (const piece of this.connection.chunks()) {
      splitter.push(piece);
      if (!(await this.mayGoOn())) break;
    }
    if (this.connection.socket.readableEnded) splitter.end();
    if (splitter.hasBegun) this.buffer.dropped.count(source, 'incomplete');
  }

  /** Waits for room. @returns false if there is none and the connection is to end */
  private async mayGoOn(): Promise<boolean> {
    if (this.crowded.size === 0) return true;
    const { closed, departing } = this.connection;
    const hasRoom = await this.buffer.room(this.crowded, AbortSignal.any([closed, departing]));
    this.crowded.clear();
    return hasRoom;
  }
}
