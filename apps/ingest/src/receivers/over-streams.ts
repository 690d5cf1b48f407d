import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { Type } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { streamServer, type StreamBounds } from '#listener';
import { BrokenStream } from '#protocols';
import { Hold, Inflight } from '../inflight.js';
import { Connection, type StreamSetting } from './connection.js';
import { HangUp, ProtocolFault, type StreamReceiver } from './receiver.js';
import type { Transport } from './transport.js';

/** So long those are waited for who are in the middle of something when the app departs. */
const PATIENCE_MS = 3000;

type StreamListener = StreamBounds & StreamSetting & { readonly host: string; readonly port: number };

/** Opens a receiver that speaks over TCP or TLS. */
export const overStreams =
  (type: Type<StreamReceiver>): Transport<StreamListener> =>
  async (listener, { modules, setting, tell }) => {
    const receiver = modules.get(type);
    const inflight = modules.get(Inflight);
    const departing = new AbortController();
    const serving = new Map<Connection, Promise<void>>();
    const take = (socket: Socket): void => {
      const hold = new Hold(inflight, `(${receiver.protocol})`);
      const connection = new Connection(socket, hold, departing.signal, listener);
      const served = serve(receiver, connection, (problem) => tell(`${setting}: ${problem}`));
      serving.set(
        connection,
        served.finally(() => {
          hold.close();
          serving.delete(connection);
        }),
      );
    };
    const server = streamServer(listener, setting, tell, take);
    server.listen(listener.port, listener.host);
    await once(server, 'listening');
    return {
      address: server.address() as AddressInfo,
      close: async () => {
        server.close();
        departing.abort();
        const all = Promise.all(serving.values());
        await Promise.race([all, pause(PATIENCE_MS, undefined, { ref: false })]);
        for (const { socket } of serving.keys()) socket.destroy();
        await all;
        await receiver.drain?.();
      },
    };
  };

/** Ends the connection in any case. */
async function serve(
  receiver: StreamReceiver,
  connection: Connection,
  tell: (problem: string) => void,
): Promise<void> {
  const { socket, peer } = connection;
  try {
    await receiver.serve(connection);
    socket.end(() => socket.destroy());
  } catch (error) {
    if (error instanceof ProtocolFault || error instanceof BrokenStream)
      tell(`${peer}: ${error.message}. ${error.hint}`);
    else if (!connection.closed.aborted && !(error instanceof HangUp))
      tell(`${peer}: ${(error as Error).message}`);
    socket.destroy();
  }
}
