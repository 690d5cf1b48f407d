import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { AlreadyRunning, startEmbeddedRedis, type EmbeddedRedis, type EmbeddedRedisOptions } from '#redis';
import { startScript } from './harness/child.js';
import { isAlive } from './harness/process-alive.js';
import { describeWith, testProgram } from './harness/programs.js';
import { until } from './harness/until.js';

await describeWith(['redis-server'], 'the embedded Redis', () => {
  let folder: string;
  let options: EmbeddedRedisOptions;
  const started: EmbeddedRedis[] = [];

  const start = async (changes: Partial<EmbeddedRedisOptions> = {}): Promise<EmbeddedRedis> => {
    const redis = await startEmbeddedRedis({ ...options, ...changes });
    started.push(redis);
    return redis;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sl-'));
    const program = await testProgram('redis-server');
    options = { ...program, dataDir: join(folder, 'data'), runtimeDir: folder, appendfsync: 'always' };
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((redis) => redis.stop()));
    await rm(folder, { recursive: true });
  });

  it('answers on a socket that only its user can reach, and not on TCP', async () => {
    const { socket } = await start();
    expect(await ask(socket, (redis) => redis.ping())).toBe('PONG');
    expect((await stat(socket)).mode & 0o777).toBe(0o700);
    expect((await stat(join(socket, '..'))).mode & 0o777).toBe(0o700);
    expect(await ask(socket, (redis) => redis.config('GET', 'port'))).toEqual(['port', '0']);
  });

  it('runs with the settings that the ledger needs', async () => {
    const { socket } = await start();
    const wanted = { appendonly: 'yes', appendfsync: 'always', save: '', 'maxmemory-policy': 'noeviction' };
    for (const [name, value] of Object.entries({ ...wanted, 'auto-aof-rewrite-min-size': String(2 ** 30) })) {
      expect(await ask(socket, (redis) => redis.config('GET', name))).toEqual([name, value]);
    }
  });

  it('refuses a second server on the same data, and leaves the first one alone', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(AlreadyRunning);
    await expect(start()).rejects.toThrow(/Another statuslens is running on the data in .*data\./);
    expect(await ask(first.socket, (redis) => redis.ping())).toBe('PONG');
  });

  it('keeps its data over an end in order and over kill -9', async () => {
    const first = await start();
    await ask(first.socket, (redis) => redis.set('a', '1'));
    await first.stop();
    expect(await first.exited).toBe(0);
    const second = await start();
    await ask(second.socket, (redis) => redis.set('b', '2'));
    process.kill(second.pid, 'SIGKILL');
    expect(await second.exited).toBeNull();
    const third = await start();
    expect(await ask(third.socket, (redis) => redis.mget('a', 'b'))).toEqual(['1', '2']);
  });

  it('never executes a transaction of which a loss of power left half', async () => {
    const pay = "redis.call('DEL', 'due') redis.call('INCR', 'paid') redis.call('SET', 'receipt', 'x')";
    const first = await start();
    await ask(first.socket, async (redis) => {
      await redis.set('due', '1');
      await redis.eval(pay, 0);
    });
    await first.stop();
    const files = join(options.dataDir, 'appendonlydir');
    const file = join(
      files,
      (await readdir(files)).find((name) => name.endsWith('.incr.aof'))!,
    );
    await truncate(file, (await stat(file)).size - 25); // in the middle of SET
    const second = await start();
    const state = (redis: Redis) => redis.mget('due', 'paid', 'receipt', 'other');
    await ask(second.socket, async (redis) => {
      await redis.set('other', 'y');
      await redis.eval("redis.call('SET', 'a', 1) redis.call('SET', 'b', 1)", 0);
      expect(await state(redis)).toEqual(['1', null, null, 'y']);
      await until('its file is rewritten', async () =>
        (await redis.info('persistence')).includes('aof_rewrite_in_progress:0\r\n'),
      );
    });
    await second.stop();
    expect(await ask((await start()).socket, state)).toEqual(['1', null, null, 'y']);
  });

  it('ends with its parent, even by kill -9, and can be started again', async () => {
    const owner = startScript('dist/test/fixtures/embedded-redis-owner.js', [JSON.stringify(options)]);
    const [, pid] = await owner.line(/^pid (\d+)$/);
    expect(isAlive(Number(pid))).toBe(true);
    await owner.kill('SIGKILL');
    await until('the server is gone', () => !isAlive(Number(pid)));
    expect(await ask((await start()).socket, (redis) => redis.ping())).toBe('PONG');
  });

  it('says what its log says when it cannot start', async () => {
    const failing = start({ appendfsync: 'sometimes' as 'always' });
    await expect(failing).rejects.toThrow(
      /^The embedded Redis ended with exit code 1\. Its log \(tail -n 50 '.*redis\.log'\) ends:[^]*appendfsync/,
    );
  });

  it('says when the path of its socket is too long', async () => {
    const runtimeDir = join(folder, 'x'.repeat(100));
    await expect(start({ runtimeDir })).rejects.toThrow(
      /^The path of Redis's socket, .* may have 107\. Set XDG/,
    );
    expect(await readdir(folder)).toEqual(['data']);
  });
});

async function ask<Answer>(socket: string, question: (redis: Redis) => Promise<Answer>): Promise<Answer> {
  const redis = new Redis(socket);
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}
