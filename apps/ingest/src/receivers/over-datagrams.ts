import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Type } from '@nestjs/common';
import type { DatagramReceiver } from './receiver.js';
import type { Transport } from './transport.js';

/** What the system keeps while this process is busy; it gives no more than net.core.rmem_max. */
const RECEIVE_BUFFER_BYTES = 8 * 1024 ** 2;

/** Opens a receiver of datagrams. */
export const overDatagrams =
  (type: Type<DatagramReceiver>): Transport<{ readonly host: string; readonly port: number }> =>
  async ({ host, port }, { modules }) => {
    const receiver = modules.get(type);
    const socket = createSocket({
      type: isIPv6(host) ? 'udp6' : 'udp4',
      recvBufferSize: RECEIVE_BUFFER_BYTES,
    });
    socket.on('message', (message, { address, port: from }) => {
      const answer = receiver.take(message, `${address}:${from}`);
      if (answer) socket.send(answer, from, address);
    });
    socket.bind(port, host);
    await once(socket, 'listening');
    receiver.opened?.(socket.address());
    return {
      address: socket.address(),
      close: async () => {
        socket.close();
        await once(socket, 'close');
        await receiver.drain?.();
      },
    };
  };
