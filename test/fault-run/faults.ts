import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type Deployment, ROLES, type Role } from './deployment.js';
import { paused } from './pause.js';

/** Something that goes wrong, and is over when the promise resolves. */
export interface Fault {
  readonly kind: 'kill' | 'power cut' | 'pause' | 'connection' | 'memory';
  readonly name: string;
  /** Which processes it kills with SIGKILL. */
  readonly kills: readonly (Role | 'redis')[];
  happen(deployment: Deployment, random: () => number): Promise<void>;
}

/** Longer than the lock of a worker, so that its batch is given to another one. */
const PAUSE_MS = 2500;
const CHUNK = Buffer.alloc(1024 * 1024);
const LONGEST_FILL_MS = 10_000;

const killing = (role: Role): Fault => ({
  kind: 'kill',
  name: `kill -9 ${role}`,
  kills: [role],
  happen: async (deployment, random) => {
    await deployment.killRole(role);
    await pause(300 * random());
    await deployment.startRole(role);
  },
});

const pausing = (process: Role): Fault => ({
  kind: 'pause',
  name: `pause ${process}`,
  kills: [],
  happen: async (deployment) => void (await paused(deployment.pidOf(process), PAUSE_MS)),
});

/** Everything that a run does to a deployment. */
export const FAULTS: readonly Fault[] = [
  ...ROLES.map(killing),
  {
    kind: 'kill',
    name: 'kill -9 redis',
    kills: ['redis'],
    happen: async ({ redis }, random) => {
      await redis.kill();
      await pause(500 * random());
      await redis.restart();
    },
  },
  {
    kind: 'power cut',
    name: 'cut the power of redis',
    kills: ['redis'],
    happen: async ({ redis }, random) => {
      await redis.cutPower(share(random));
      await pause(500 * random());
      await redis.restart();
    },
  },
  {
    kind: 'power cut',
    name: 'cut the power of everything',
    kills: ['redis', ...ROLES],
    happen: async (deployment, random) => {
      const { redis } = deployment;
      await Promise.all([redis.cutPower(share(random)), ...ROLES.map((role) => deployment.killRole(role))]);
      await Promise.all([redis.restart(), deployment.startRoles()]);
    },
  },
  pausing('worker-1'),
  pausing('ingest'),
  {
    kind: 'pause',
    name: 'pause redis',
    kills: [],
    happen: async ({ redis }) => redis.pause(PAUSE_MS),
  },
  {
    kind: 'connection',
    name: 'cut the connections to redis',
    kills: [],
    happen: async ({ proxy }) => proxy.cut(),
  },
  {
    kind: 'connection',
    name: 'delay redis',
    kills: [],
    happen: async ({ proxy }, random) => {
      proxy.delay(20 + Math.floor(200 * random()));
      await pause(1000);
      proxy.delay(0);
    },
  },
  { kind: 'memory', name: 'fill redis', kills: [], happen: (deployment) => fill(deployment) },
];

/** Of what power may take: all of it in two cases of three, else as much as it happens to. */
const share = (random: () => number): number => Math.min(1, 3 * random());

/** Writes until Redis refuses, lets that last a while, and takes the filler away. */
async function fill({ redis }: Deployment): Promise<void> {
  const client = new Redis(redis.url);
  const keys: string[] = [];
  try {
    for (;;) {
      const key = `filler:${keys.length}`;
      // with an end, since a power cut soon after may take its removal back
      await client.set(key, CHUNK, 'PX', LONGEST_FILL_MS);
      keys.push(key);
    }
  } catch (error) {
    if (!/OOM|used memory/.test((error as Error).message)) throw error;
  }
  await pause(1500);
  if (keys.length > 0) await client.del(...keys);
  client.disconnect();
}
