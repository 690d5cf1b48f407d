import { Injectable } from '@nestjs/common';
import { overDatagrams } from './over-datagrams.js';
import type { DatagramReceiver } from './receiver.js';
import type { Transport } from './transport.js';

const HEARTBEAT = Buffer.of(0);

/** Answers the heartbeats with which Fluentd asks over UDP whether a server is alive. */
@Injectable()
export class ForwardHeartbeats implements DatagramReceiver {
  readonly protocol = 'forward';

  /** Nothing else is answered, and nothing with more than it has. */
  take(message: Buffer): Buffer | void {
    if (message.equals(HEARTBEAT)) return HEARTBEAT;
  }
}

/** Opens a receiver, and UDP of the same port for heartbeats. */
export const withHeartbeats =
  <At extends { readonly host: string; readonly port: number }>(open: Transport<At>): Transport<At> =>
  async (at, means) => {
    const receiver = await open(at, means);
    const { port } = receiver.address;
    try {
      const heartbeats = await overDatagrams(ForwardHeartbeats)({ host: at.host, port }, means);
      const close = async (): Promise<void> =>
        void (await Promise.all([receiver.close(), heartbeats.close()]));
      return { address: receiver.address, close };
    } catch (error) {
      await receiver.close();
      throw error;
    }
  };
