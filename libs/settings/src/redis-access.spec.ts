import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { checkYaml } from '#catalogue';
import type { RedisAccess } from '#redis';
import { KnownFiles } from './known-files.js';
import { readRedis } from './redis-access.js';
import { redisSchema } from './redis-file.js';
import type { Environment } from './secret.js';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'statuslens-redis-settings-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const SENTINELS = 'sentinels: [a:26380, b, "[::1]:3"], name: mymaster';

const schema = z.object({ redis: redisSchema });

/** @param redis the settings of Redis, in one line */
function read(redis: string, environment: Environment = {}): ReturnType<typeof readRedis> {
  const file = join(folder, 'statuslens.yaml');
  const checked = checkYaml(schema, file, `redis: { ${redis} }`);
  return Array.isArray(checked)
    ? { access: undefined, mistakes: checked }
    : readRedis(file, checked, { folder, environment, files: new KnownFiles() });
}

function accessOf(redis: string, environment: Environment = {}): RedisAccess | undefined {
  const { access, mistakes } = read(redis, environment);
  expect(mistakes).toEqual([]);
  return access;
}

const mistakesOf = (redis: string, environment: Environment = {}): string[] =>
  read(redis, environment).mistakes.map(({ line, message }) => `${line}: ${message}`);

describe('where Redis is', () => {
  it('is a URL', () => {
    expect(accessOf('url: redis://here:6379/3')).toEqual({ url: 'redis://here:6379/3' });
    expect(accessOf('url: unix:///run/redis.sock')).toEqual({ url: 'unix:///run/redis.sock' });
  });

  it('is what sentinels say', () => {
    expect(accessOf(`${SENTINELS}, sentinel_username: s, sentinel_password: { env: P }`, { P: 'x' })).toEqual(
      {
        sentinel: {
          addresses: [
            { host: 'a', port: 26380 },
            { host: 'b', port: 26379 },
            { host: '::1', port: 3 },
          ],
          name: 'mymaster',
          username: 's',
          password: 'x',
        },
      },
    );
  });

  it('is what STATUSLENS_REDIS_URL says, if that says anything', () => {
    const environment = { STATUSLENS_REDIS_URL: 'redis://elsewhere:6380' };
    expect(accessOf('url: rediss://here:6379', environment)).toEqual({ url: 'redis://elsewhere:6380' });
    expect(accessOf(SENTINELS, environment)).toEqual({ url: 'redis://elsewhere:6380' });
    expect(accessOf('', environment)).toEqual({ url: 'redis://elsewhere:6380' });
    expect(accessOf('url: redis://here', { STATUSLENS_REDIS_URL: '' })).toEqual({ url: 'redis://here' });
    expect(accessOf('')).toBeUndefined();
  });
});

describe('who this is', () => {
  const OWN = 'url: redis://here, username: { env: REDIS_USER }, password: { env: REDIS_PASSWORD }';

  it('may differ in each process', () => {
    expect(accessOf(OWN, { REDIS_USER: 'ingest', REDIS_PASSWORD: 'x' })).toEqual({
      url: 'redis://here',
      username: 'ingest',
      password: 'x',
    });
    expect(mistakesOf(OWN, { REDIS_USER: 'ingest' })).toEqual([
      '1: redis.password: the environment variable REDIS_PASSWORD is not set',
    ]);
  });

  it('is what a URL of the environment says first, without looking further', () => {
    const url = 'redis://ingest:x@elsewhere';
    expect(accessOf(OWN, { STATUSLENS_REDIS_URL: url })).toEqual({ url });
    expect(
      accessOf(OWN, { STATUSLENS_REDIS_URL: 'redis://elsewhere', REDIS_USER: 'a', REDIS_PASSWORD: 'b' }),
    ).toEqual({ url: 'redis://elsewhere', username: 'a', password: 'b' });
  });
});

describe('TLS', () => {
  it('has files that lie beside the settings', () => {
    expect(accessOf('url: rediss://here, tls: { server_name: redis }')!.tls).toMatchObject({
      servername: 'redis',
    });
    expect(mistakesOf('url: rediss://here, tls: { ca: nowhere.pem }')).toEqual([
      '1: redis.tls.ca: the file nowhere.pem cannot be read: no such file',
    ]);
  });

  it('is refused with files that no connection could use', () => {
    writeFileSync(join(folder, 'junk.pem'), 'junk');
    expect(mistakesOf('url: rediss://here, tls: { cert: junk.pem, key: junk.pem }')).toEqual([
      expect.stringMatching(/^1: redis\.tls: its files cannot be used: /),
    ]);
  });

  it('is not spoken where the environment says redis://', () => {
    const access = accessOf('url: rediss://here, tls: {}', { STATUSLENS_REDIS_URL: 'redis://there' });
    expect(access).toEqual({ url: 'redis://there' });
  });
});

describe('a wrong address', () => {
  it.each([
    ['url: "redis://:hunter2@"', '1: redis.url: must be an address such as redis://host:6379/0'],
    ['url: "redis://here/hunter2"', '1: redis.url: must be an address such as redis://host:6379/0'],
    ['url: "redis://me:hunter/2@here"', '1: redis.url: must be an address such as redis://host:6379/0'],
    ['url: "http://hunter2@here"', '1: redis.url: must begin with redis://, rediss:// or unix://'],
    [
      'url: "redis://:hunter2@", password: secret',
      '1: redis.url: must be an address such as redis://host:6379/0',
    ],
    ['sentinels: [redis://hunter2@a:1], name: m', '1: redis.sentinels.0: must be host:port'],
  ])('%s is told without its password', (redis, mistake) => {
    expect(mistakesOf(redis)).toEqual([mistake]);
  });

  it('in the environment is told as such', () => {
    expect(mistakesOf('', { STATUSLENS_REDIS_URL: 'hunter2' })).toEqual([
      '1: the environment variable STATUSLENS_REDIS_URL must begin with redis://, rediss:// or unix://',
    ]);
  });
});
