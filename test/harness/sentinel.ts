import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type Child, startProgram } from './child.js';
import { freePort } from './free-port.js';
import { testProgram } from './programs.js';
import { until } from './until.js';

export const MASTER_NAME = 'statuslens';
const DOWN_AFTER_MS = 500;

/** Sentinels that watch one master; more than half of them must agree on a failover. */
export interface RunningSentinels {
  /** host:port of each. */
  readonly addresses: readonly string[];
  /** The port of the Redis that they hold for the master. */
  master(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * @param replicas how many they must know before this resolves; of unknown ones, none could be promoted
 * @param lines more of their configuration
 */
export async function startSentinels(
  count: number,
  masterPort: number,
  replicas: number,
  lines: readonly string[] = [],
): Promise<RunningSentinels> {
  const folder = await mkdtemp(join(tmpdir(), 'statuslens-sentinel-'));
  const children: Child[] = [];
  const ports: number[] = [];
  for (let i = 0; i < count; i++) {
    const port = await freePort();
    const file = join(folder, `${port}.conf`);
    const quorum = Math.floor(count / 2) + 1;
    await writeFile(file, [...lines, ...configuration(port, masterPort, quorum), ''].join('\n'));
    children.push(startProgram(await testProgram('redis-server'), [file, '--sentinel']));
    ports.push(port);
  }
  const clients = ports.map((port) => new Redis({ port, retryStrategy: () => 20 }).on('error', () => {}));
  await until('all sentinels know each other and the replicas', async () => {
    const known = await Promise.all(clients.map(view));
    return known.every((one) => one.sentinels === count - 1 && one.replicas === replicas);
  });
  return {
    addresses: ports.map((port) => `127.0.0.1:${port}`),
    master: async () => {
      const [, port] = (await clients[0]!.call(
        'SENTINEL',
        'GET-MASTER-ADDR-BY-NAME',
        MASTER_NAME,
      )) as string[];
      return Number(port);
    },
    stop: async () => {
      for (const client of clients) client.disconnect();
      await Promise.all(children.map((child) => child.kill()));
      await rm(folder, { recursive: true });
    },
  };
}

const configuration = (port: number, masterPort: number, quorum: number): string[] => [
  `port ${port}`,
  'bind 127.0.0.1',
  `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${masterPort} ${quorum}`,
  `sentinel down-after-milliseconds ${MASTER_NAME} ${DOWN_AFTER_MS}`,
  `sentinel failover-timeout ${MASTER_NAME} 3000`,
];

async function view(client: Redis): Promise<{ sentinels: number; replicas: number }> {
  const flat = (await client.call('SENTINEL', 'MASTER', MASTER_NAME)) as string[];
  const told = (name: string): number => Number(flat[flat.indexOf(name) + 1]);
  return { sentinels: told('num-other-sentinels'), replicas: told('num-slaves') };
}
