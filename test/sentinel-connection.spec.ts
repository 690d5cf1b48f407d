import { once } from 'node:events';
import { Redis } from 'ioredis';
import { connectFailFast, connectPatiently, isReady, type RedisAccess } from '#redis';
import { freePort } from './harness/free-port.js';
import { startMaster, startReplica } from './harness/replicated-redis.js';
import { MASTER_NAME, startSentinels } from './harness/sentinel.js';
import { startTcpProxy } from './harness/tcp-proxy.js';
import { until } from './harness/until.js';

const seenBySentinel = (port: number): RedisAccess => ({
  sentinel: { addresses: [{ host: '127.0.0.1', port }], name: MASTER_NAME },
});

/** Resolves with what becomes of a client that is connecting; ioredis never connects again after `end`. */
const becomesOf = (client: Redis): Promise<string> =>
  new Promise((resolve) => {
    for (const event of ['close', 'end']) client.once(event, () => resolve(event));
  });

/** None answers: the client waits until it asks again. */
async function whileAsking(): Promise<Redis> {
  const client = connectPatiently(seenBySentinel(await freePort()));
  await new Promise((resolve) => client.once('error', resolve));
  return client;
}

describe('a connection that is told to begin anew while it asks sentinels for the master', () => {
  it('by news of the failover: leads to the new master', async () => {
    const master = await startMaster();
    const replica = await startReplica(master);
    const sentinels = await startSentinels(1, master.port, 1);
    const [sentinelPort] = sentinels.addresses.map((address) => Number(address.split(':')[1])) as [number];
    const proxy = await startTcpProxy(sentinelPort);
    const [sentinel, old] = [new Redis(sentinelPort), new Redis(master.port)];
    const client = connectFailFast(seenBySentinel(proxy.port));
    try {
      await until('it hears of failovers', async () =>
        String(await sentinel.client('LIST', 'TYPE', 'PUBSUB')).includes('cmd=subscribe'),
      );
      await until('it is connected', () => isReady(client));
      proxy.holdBefore('get-master-addr-by-name');
      await old.client('KILL', 'ID', await client.client('ID'));
      await proxy.held;
      const become = becomesOf(client);
      await sentinel.call('SENTINEL', 'FAILOVER', MASTER_NAME);
      expect(await become).toBe('close');
      proxy.holdNothingMore();
      await until('it leads to the new master', async () =>
        (await client.info('server')).includes(`tcp_port:${replica.port}`),
      );
    } finally {
      for (const each of [client, sentinel, old]) each.disconnect();
      await proxy.close();
      await sentinels.stop();
      await Promise.all([master.stop(), replica.stop()]);
    }
  });

  it('by BullMQ, after long silence: asks again', async () => {
    const client = await whileAsking();
    try {
      client.disconnect(true);
      expect(await becomesOf(client)).toBe('close');
      await until('it asks again', () => client.status === 'connecting');
    } finally {
      client.disconnect();
    }
  });

  it('to end: ends', async () => {
    const client = await whileAsking();
    const ended = once(client, 'end');
    client.disconnect();
    await ended;
  });
});
