import { Injectable } from '@nestjs/common';
import { ForwardHandshake, MsgpackFrames, forwardMessage } from '#protocols';
import { LiveSettings } from '#settings';
import { patiently } from '../patience.js';
import type { Sender } from '../submission.js';
import type { Connection } from './connection.js';
import { ForwardChunks, type Sending } from './forward-chunks.js';
import { ProtocolFault, type StreamReceiver } from './receiver.js';

/** Whoever knows the shared key may send for every source. */
const ANY_SOURCE: Sender = () => true;

/**
 * Fluent Forward: Fluentd, Fluent Bit, Docker, and the loggers of many languages. All that the protocol can answer is that
 * a chunk is safe. What is not stored yet is not answered, and nothing more is read meanwhile.
 */
@Injectable()
export class ForwardReceiver implements StreamReceiver {
  readonly protocol = 'forward';

  constructor(
    private readonly settings: LiveSettings,
    private readonly chunks: ForwardChunks,
  ) {}

  /** A connection that is opened and closed without a word is a heartbeat. */
  async serve(connection: Connection): Promise<void> {
    const { ingest, forwardSecrets } = this.settings.now;
    const frames = new MsgpackFrames(ingest.max_body);
    const sending = { connection, sender: forwardSecrets ? ANY_SOURCE : connection.sender };
    let handshake = forwardSecrets && new ForwardHandshake(forwardSecrets);
    if (handshake) await connection.write(handshake.helo);
    for await (const chunk of connection.chunks()) {
      connection.begins();
      // what is pending is moved when it grows
      await patiently(connection.closed, () =>
        connection.hold.growTo(2 * (frames.unfinished + chunk.length)),
      );
      const round = new Round(this.chunks, sending);
      try {
        for (const frame of frames.push(chunk)) {
          if (handshake) await greet(connection, handshake, frame);
          else await round.take(frame);
          handshake = undefined;
        }
      } finally {
        // one that is wrong takes none of those before it along
        connection.ends();
        await round.end();
      }
      if (frames.unfinished > 0) connection.begins();
      else connection.hold.empty();
    }
  }
}

/** @throws ProtocolFault unless the client knows the secrets */
async function greet(connection: Connection, handshake: ForwardHandshake, ping: Buffer): Promise<void> {
  const { bytes, refused } = handshake.answer(ping);
  await connection.write(bytes);
  if (refused !== undefined)
    throw new ProtocolFault(refused, 'Give the sender shared_key and a user as this receiver has them.');
}

/** What came at once: chunks side by side, and all that nobody waits for together. */
class Round {
  private readonly ends: Promise<void>[] = [];
  private readonly events;

  constructor(
    private readonly chunks: ForwardChunks,
    private readonly sending: Sending,
  ) {
    this.events = chunks.newEvents();
  }

  async take(frame: Buffer): Promise<void> {
    const message = forwardMessage(frame);
    if (!message) return;
    if ('strange' in message) return this.chunks.dismiss(message.strange, message.chunk, this.sending);
    if (message.chunk === undefined && message.compression === 'identity')
      return this.chunks.gather(message, this.events);
    const store = await this.chunks.begin(message, this.sending);
    const end = store();
    end.catch(() => {}); // seen by `end`
    this.ends.push(end);
  }

  /** Resolves when everything is stored and acknowledged. */
  async end(): Promise<void> {
    if (this.events.bytes > 0 || this.events.unknown > 0)
      this.ends.push(this.chunks.keep(this.events, this.sending));
    for (const end of await Promise.allSettled(this.ends)) if (end.status === 'rejected') throw end.reason;
  }
}
