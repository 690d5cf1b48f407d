import { Injectable } from '@nestjs/common';
import { Unreadable, inflate } from '#batches';
import {
  EventsBySource,
  LumberjackFrames,
  LumberjackWindow,
  BrokenStream,
  lumberjackAck,
  type LumberjackFrame,
} from '#protocols';
import { LiveSettings } from '#settings';
import { isTransient, patiently } from '../patience.js';
import { Reception } from '../reception.js';
import { REFUSALS, Refused, type RefusalName } from '../refusal.js';
import { Submission } from '../submission.js';
import type { Connection } from './connection.js';
import { HangUp, ProtocolFault, type StreamReceiver } from './receiver.js';
import { MessageReport } from './message-report.js';

const PROTOCOL = 'lumberjack';
/** So often a client that waits is told that its window is being worked on; Filebeat waits for 30 s. */
const WORKING_ON_IT_MS = 3000;
/** Says that a window is being worked on. */
const NONE_YET = 0;

/**
 * Lumberjack, the protocol of Beats and Logstash. A window is acknowledged as a whole once it is stored; a client that
 * gets no acknowledgement sends it again.
 */
@Injectable()
export class LumberjackReceiver implements StreamReceiver {
  readonly protocol = PROTOCOL;

  constructor(
    private readonly settings: LiveSettings,
    private readonly reception: Reception,
    private readonly report: MessageReport,
  ) {}

  serve(connection: Connection): Promise<void> {
    return new Session(connection, this.settings.now.ingest, this.reception, this.report).run();
  }
}

/** What one client says. */
class Session {
  private readonly frames: LumberjackFrames;
  private window: LumberjackWindow | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly bounds: LiveSettings['now']['ingest'],
    private readonly reception: Reception,
    private readonly report: MessageReport,
  ) {
    this.frames = new LumberjackFrames(bounds.max_body);
  }

  async run(): Promise<void> {
    const { connection, frames } = this;
    for await (const chunk of connection.chunks()) {
      connection.begins();
      await this.holdRoom(chunk.length);
      for (const frame of frames.push(chunk)) await this.take(frame);
      if (frames.unfinished > 0 || this.window) connection.begins();
      else connection.ends();
    }
  }

  private async take(frame: LumberjackFrame): Promise<void> {
    if (frame.type === 'compressed') return this.inflated(frame.payload);
    if (frame.type === 'window') return this.open(frame.version, frame.events);
    if (!this.window) throw new BrokenStream('an event is in no window', 'Check what sends to this port.');
    this.window.add(frame);
    if (this.window.isFull) await this.end(this.window);
  }

  private async inflated(payload: Buffer): Promise<void> {
    const { max_body, max_inflated } = this.bounds;
    const inner = new LumberjackFrames(max_body, true);
    try {
      await inflate(payload, 'deflate', max_inflated, async (piece) => {
        await this.holdRoom(inner.unfinished + piece.length);
        for (const frame of inner.push(piece)) await this.take(frame);
      });
    } catch (error) {
      throw error instanceof Unreadable ? unreadable(error) : error;
    }
    if (inner.unfinished > 0)
      throw new BrokenStream(
        'a compressed frame ends in the middle of an event',
        'Check what sends to this port.',
      );
  }

  private async open(version: number, events: number): Promise<void> {
    if (this.window)
      throw new BrokenStream(
        'a window begins before the last one has ended',
        'Check what sends to this port.',
      );
    if (events === 0) await this.connection.write(lumberjackAck(version, NONE_YET));
    else this.window = new LumberjackWindow(version, events, new EventsBySource(this.reception.find));
  }

  /** Room for what is pending, which is moved when it grows, and for the window so far. */
  private async holdRoom(bytes: number): Promise<void> {
    const { hold, closed } = this.connection;
    const window = this.window?.events.bytes ?? 0;
    if (window > this.bounds.max_inflated)
      throw new BrokenStream('a window is too large', 'Lower bulk_max_size, or raise ingest.max_inflated.');
    await patiently(closed, () => hold.growTo(window + 2 * (this.frames.unfinished + bytes)));
  }

  private async end(window: LumberjackWindow): Promise<void> {
    const { connection } = this;
    connection.ends();
    const working = setInterval(
      () => void connection.write(lumberjackAck(window.version, NONE_YET)),
      WORKING_ON_IT_MS,
    );
    try {
      await this.store(window);
    } finally {
      clearInterval(working);
    }
    this.window = undefined;
    connection.hold.empty();
    await connection.write(lumberjackAck(window.version, window.sequence));
  }

  /** Nothing is stored of a window that holds events of nobody: a part cannot be acknowledged. */
  private async store({ events, key }: LumberjackWindow): Promise<void> {
    const { connection, reception, report } = this;
    if (events.unknown > 0) {
      reception.tellUnknown(events.unknownNames);
      report.refused(PROTOCOL, 'unknown', 'unknown_source');
      throw new HangUp();
    }
    const submission = new Submission(PROTOCOL, events, connection.sender, connection.hold, key);
    const sources = submission.parts.map(({ source }) => source);
    try {
      await reception.storePatiently(submission, connection.closed);
      report.stored(PROTOCOL, sources);
    } catch (error) {
      if (!(error instanceof Refused) || isTransient(error)) throw error;
      for (const source of new Set(sources)) this.refused(error, source);
    }
  }

  private refused({ refusal, message }: Refused, source: string): void {
    if (refusal === 'not_a_log') return this.report.malformed(PROTOCOL, source, message);
    this.report.refused(PROTOCOL, source, refusal);
    throw new ProtocolFault(`source ${source}: ${refusal}`, ADVICE[refusal] ?? REFUSALS[refusal].hint);
  }
}

const ADVICE: { readonly [Name in RefusalName]?: string } = {
  unauthorized:
    'It demands credentials: demand client certificates with tls.ca, or set allow_anonymous: true.',
};

const unreadable = ({ reason, message }: Unreadable): BrokenStream =>
  reason === 'inflated_too_large'
    ? new BrokenStream(
        'a compressed frame is too large',
        'Lower bulk_max_size, or raise ingest.max_inflated.',
      )
    : new BrokenStream(`a compressed frame is damaged: ${message}`, 'Check what sends to this port.');
