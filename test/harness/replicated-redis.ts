import { Redis } from 'ioredis';
import { startRedis, type RedisOptions, type RunningRedis } from './redis.js';
import { until } from './until.js';

/** A master waits 5 s for more replicas before it serves the first. */
const AT_ONCE = ['--repl-diskless-sync-delay', '0'];

/** A master whose replicas have its data at once. */
export const startMaster = (): Promise<RunningRedis> => startRedis({ appendonly: true, args: AT_ONCE });

/** Resolves once it has all that its master has. Give the port and the folder of a master that ended to let it come back. */
export async function startReplica(master: RunningRedis, options: RedisOptions = {}): Promise<RunningRedis> {
  const args = ['--replicaof', `127.0.0.1 ${master.port}`, ...AT_ONCE];
  const replica = await startRedis({ ...options, appendonly: true, args });
  await until('the replica has all', async () =>
    (await replicationOf(replica)).includes('master_link_status:up'),
  );
  return replica;
}

/** What a Redis says of its replication: https://redis.io/docs/latest/commands/info/ */
export async function replicationOf({ port }: RunningRedis): Promise<string> {
  const client = new Redis(port);
  return client.info('replication').finally(() => client.disconnect());
}
