import { Redis } from 'ioredis';
import { startProgram } from './harness/child.js';
import { isAlive } from './harness/process-alive.js';
import { describeWith } from './harness/programs.js';
import { startRedis } from './harness/redis.js';
import { until } from './harness/until.js';

const node = { command: process.execPath, env: {} };

describe('until', () => {
  it('resolves to the first truthy value, over errors', async () => {
    let asked = 0;
    const third = (): number => {
      if (++asked < 3) throw new Error('not yet');
      return asked;
    };
    expect(await until('it is three', third)).toBe(3);
  });

  it('says what it waited for and what it last saw', async () => {
    await expect(until('it rains', () => 0, { timeoutMs: 30 })).rejects.toThrow(
      'Waited 30 ms in vain until it rains; last seen: 0',
    );
    const failing = (): never => {
      throw new Error('no sky');
    };
    await expect(until('it rains', failing, { timeoutMs: 30 })).rejects.toThrow('last seen: no sky');
  });
});

describe('a child process', () => {
  it('is waited for until a line is printed, and killed', async () => {
    const child = startProgram(node, ['-e', 'console.log("on port 80"); setInterval(() => {}, 1000)']);
    expect((await child.line(/port (\d+)/))[1]).toBe('80');
    expect(await child.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(isAlive(child.pid)).toBe(false);
  });

  it('that ends without the line is an error with its output, at once', async () => {
    const child = startProgram(node, ['-e', 'console.error("no such file"); process.exit(3)']);
    await expect(child.line(/ready/)).rejects.toThrow(/ended with 3 and printed:\nno such file/);
  });

  it('reads its input', async () => {
    const child = startProgram(node, ['-e', 'process.stdin.pipe(process.stdout)'], { input: 'hello\n' });
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect(child.stdout).toBe('hello\n');
  });
});

await describeWith(['redis-server'], 'a Redis for tests', () => {
  it('goes on with the data of one that was killed', async () => {
    const first = await startRedis({ appendonly: true, appendfsync: 'always' });
    await ask(first.url, (redis) => redis.set('a', '1'));
    await first.kill();
    const { port, dir } = first;
    const second = await startRedis({ appendonly: true, port, dir });
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, (redis) => redis.get('a'))).toBe('1');
    await second.stop();
    await first.stop();
  });

  it('says why it did not start', async () => {
    await expect(startRedis({ args: ['--no-such-setting', '1'] })).rejects.toThrow(
      /redis-server ended with 1:[^]*no-such-setting/,
    );
  });
});

async function ask<Answer>(url: string, question: (redis: Redis) => Promise<Answer>): Promise<Answer> {
  const redis = new Redis(url);
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}
