import { Injectable } from '@nestjs/common';
import { Unreadable, inflate } from '#batches';
import { EventsBySource, MsgpackEvents, forwardAck, type ForwardMessage } from '#protocols';
import { LiveSettings } from '#settings';
import { Hold, Inflight } from '../inflight.js';
import { isTransient, patiently } from '../patience.js';
import { Reception } from '../reception.js';
import { Refused, type RefusalName } from '../refusal.js';
import { Submission, type Sender } from '../submission.js';
import type { Connection } from './connection.js';
import { HangUp, ProtocolFault } from './receiver.js';
import { MessageReport } from './message-report.js';

const PROTOCOL = 'forward';

/** Refusals that whoever runs this can mend: what is wrong, and what to do. Nothing is acknowledged then. */
const MENDABLE: { readonly [Name in RefusalName]?: readonly [problem: string, hint: string] } = {
  unauthorized: [
    'its source demands credentials',
    'Set shared_key of this receiver, demand client certificates with tls.ca, or set allow_anonymous: true.',
  ],
  too_large: ['a chunk is too large', 'Send smaller chunks, or raise ingest.max_inflated.'],
};

/** Who sends, and over which connection. */
export interface Sending {
  readonly connection: Connection;
  readonly sender: Sender;
}

/** Stores what Forward messages hold, and acknowledges it. */
@Injectable()
export class ForwardChunks {
  constructor(
    private readonly settings: LiveSettings,
    private readonly reception: Reception,
    private readonly inflight: Inflight,
    private readonly report: MessageReport,
  ) {}

  newEvents(): EventsBySource {
    return new EventsBySource(this.reception.find);
  }

  /** Adds the events of a message to others that nobody waits for. */
  async gather(message: ForwardMessage, events: EventsBySource): Promise<void> {
    await this.read(message, events, () => {});
  }

  /**
   * Reads a message with patience for its memory.
   * @returns resolves as soon as it is read, to the end of its way
   */
  async begin(message: ForwardMessage, sending: Sending): Promise<() => Promise<void>> {
    const hold = new Hold(this.inflight, `(${PROTOCOL})`);
    const { closed } = sending.connection;
    try {
      const events = await patiently(closed, async () => {
        hold.empty();
        const fresh = this.newEvents();
        await this.read(message, fresh, () => hold.growTo(fresh.bytes));
        return fresh;
      });
      return () => this.store(message, events, hold, sending);
    } catch (error) {
      hold.close();
      throw this.faultOf(error, this.sourceOf(message));
    }
  }

  /** Stores events that nobody waits for. */
  async keep(events: EventsBySource, { connection, sender }: Sending): Promise<void> {
    if (events.unknown > 0) this.report.refused(PROTOCOL, 'unknown', 'unknown_source');
    const hold = new Hold(this.inflight, `(${PROTOCOL})`);
    const submission = new Submission(PROTOCOL, events, sender, hold);
    try {
      await this.reception.storePatiently(submission, connection.closed);
      this.report.stored(
        PROTOCOL,
        submission.parts.map(({ source }) => source),
      );
    } catch (error) {
      // the others on this connection are in no fault
      if (error instanceof Refused && error.refusal === 'unknown_source') return;
      this.mustBeHopeless(error, submission.parts[0]!.source);
    } finally {
      hold.close();
    }
  }

  /** Answers a message of which nothing can be read. */
  async dismiss(problem: string, chunk: Buffer | undefined, { connection }: Sending): Promise<void> {
    this.report.malformed(PROTOCOL, 'unknown', `a message ${problem}`);
    if (chunk) await connection.write(forwardAck(chunk));
  }

  private async store(
    message: ForwardMessage,
    events: EventsBySource,
    hold: Hold,
    { connection, sender }: Sending,
  ): Promise<void> {
    const { tag, chunk } = message;
    const key = chunk && `${tag}\0${chunk.toString('latin1')}`;
    try {
      await this.reception.storePatiently(
        new Submission(PROTOCOL, events, sender, hold, key),
        connection.closed,
      );
      this.report.stored(PROTOCOL, [this.sourceOf(message)]);
    } catch (error) {
      this.mustBeHopeless(error, this.sourceOf(message));
    } finally {
      hold.close();
    }
    if (chunk) await connection.write(forwardAck(chunk));
  }

  /** Reads as much of a message as can be read. */
  private async read(message: ForwardMessage, events: EventsBySource, onPiece: () => void): Promise<void> {
    const { max_body, max_inflated } = this.settings.now.ingest;
    const names = [message.tag];
    const reader = new MsgpackEvents((event) => void events.add(names, event), max_body);
    try {
      await inflate(message.entries, message.compression, max_inflated, (piece) => {
        reader.push(piece);
        onPiece();
      });
      reader.end();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      if (error.reason === 'inflated_too_large') throw new Refused('too_large');
      this.report.malformed(PROTOCOL, this.sourceOf(message), `a chunk is damaged: ${error.message}`);
    }
    if (reader.unreadable > 0)
      this.report.malformed(PROTOCOL, this.sourceOf(message), 'records of a chunk are none');
  }

  /** @throws unless it is of no use to send the same again */
  private mustBeHopeless(error: unknown, source: string): void {
    const fault = this.faultOf(error, source);
    if (fault instanceof Refused && !isTransient(fault))
      return this.report.malformed(PROTOCOL, source, fault.message);
    throw fault;
  }

  /** What to close the connection with, counted. */
  private faultOf(error: unknown, source: string): unknown {
    if (!(error instanceof Refused)) return error;
    const { refusal } = error;
    const mendable = MENDABLE[refusal];
    if (refusal !== 'unknown_source' && !mendable) return error;
    this.report.refused(PROTOCOL, source, refusal);
    // the reception tells once of each name
    return mendable ? new ProtocolFault(...mendable) : new HangUp();
  }

  private sourceOf({ tag }: ForwardMessage): string {
    return this.reception.find([tag]) ?? 'unknown';
  }
}
