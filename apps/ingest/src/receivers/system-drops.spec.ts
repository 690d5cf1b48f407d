import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { until } from '../../../../test/harness/until.js';
import { dropsIn, localAddress, systemDrops } from './system-drops.js';

const TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  612: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0000000000000000 17
  613: 00000000:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4712 2 0000000000000000 4
`;

it('is read from the row of the socket, not from those of others on its port', () => {
  expect(dropsIn(TABLE, '0100007F:158A')).toBe(17);
  expect(dropsIn(TABLE, ':158A')).toBe(21);
  expect(dropsIn('', ':158A')).toBe(0);
});

(existsSync('/proc/net/udp') ? it : it.skip)(
  'is what the system tells of a socket that nobody reads',
  async () => {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { address, port } = socket.address();
    expect(localAddress(address, port)).toMatch(/^(0100007F|7F000001):[0-9A-F]{4}$/);
    expect(await systemDrops(socket.address())).toBe(0);
    const sender = createSocket('udp4');
    const received = { count: 0 };
    socket.on('message', () => received.count++);
    // sent within one turn: the socket cannot be read meanwhile
    const sent = Array.from(
      { length: 50 },
      () => new Promise((done) => sender.send(Buffer.alloc(1000), port, address, done)),
    );
    await Promise.all(sent);
    await until('each datagram was received or dropped', async () => {
      const drops = await systemDrops(socket.address());
      return drops > 0 && drops + received.count === sent.length;
    });
    sender.close();
    socket.close();
  },
);
