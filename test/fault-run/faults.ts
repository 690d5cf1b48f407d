import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type Deployment, ROLES, type Role } from './deployment.js';

/** Something that goes wrong, and is over when the promise resolves. */
export interface Fault {
  readonly name: string;
  /** Whether a process is killed with SIGKILL. */
  readonly kills: boolean;
  happen(deployment: Deployment, random: () => number): Promise<void>;
}

/** Longer than the lock of a worker, so that its batch is given to another one. */
const PAUSE_MS = 2500;
const CHUNK = Buffer.alloc(1024 * 1024);

const killing = (role: Role): Fault => ({
  name: `kill -9 ${role}`,
  kills: true,
  happen: async (deployment, random) => {
    await deployment.killRole(role);
    await pause(300 * random());
    await deployment.startRole(role);
  },
});

const pausing = (role: Role): Fault => ({
  name: `pause ${role}`,
  kills: false,
  happen: async (deployment) => {
    const pid = deployment.pidOf(role);
    process.kill(pid, 'SIGSTOP');
    await pause(PAUSE_MS);
    process.kill(pid, 'SIGCONT');
  },
});

/** Everything that the run does to a deployment; it draws from this table. */
export const FAULTS: readonly Fault[] = [
  ...ROLES.map(killing),
  {
    name: 'kill -9 redis',
    kills: true,
    happen: async (deployment, random) => {
      await deployment.killRedis();
      await pause(500 * random());
      await deployment.restartRedis();
    },
  },
  pausing('worker-1'),
  pausing('ingest'),
  {
    name: 'cut the connections to redis',
    kills: false,
    happen: async ({ proxy }) => proxy.cut(),
  },
  {
    name: 'delay redis',
    kills: false,
    happen: async ({ proxy }, random) => {
      proxy.delay(20 + Math.floor(200 * random()));
      await pause(1000);
      proxy.delay(0);
    },
  },
  { name: 'fill redis', kills: false, happen: (deployment) => fill(deployment) },
];

/** Writes until Redis refuses, lets that last a while, and takes the filler away. */
async function fill({ redis }: Deployment): Promise<void> {
  const client = new Redis(redis.url);
  const keys: string[] = [];
  try {
    for (;;) {
      const key = `filler:${keys.length}`;
      await client.set(key, CHUNK);
      keys.push(key);
    }
  } catch (error) {
    if (!/OOM|used memory/.test((error as Error).message)) throw error;
  }
  await pause(1500);
  if (keys.length > 0) await client.del(...keys);
  client.disconnect();
}
