import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from '#programs';
import { startProgram } from './harness/child.js';
import { describeWith, testProgram } from './harness/programs.js';

const DOWNLOAD_MS = 120_000;
const itOnDebian = existsSync('/var/lib/dpkg/status') ? it : it.skip;

const GATEWAYS = [
  ['nginx', ['-v'], /^nginx version: nginx\/\d/],
  ['apache2', ['-v'], /^Server version: Apache\/\d/],
  ['haproxy', ['-v'], /^HAProxy version \d/],
  ['caddy', ['version'], /^v?\d/],
] as const;

describe('a program that is not on the machine', () => {
  let cache: string;

  beforeEach(async () => {
    cache = join(await mkdtemp(join(tmpdir(), 'statuslens-programs-')), 'cache of programs');
    await mkdir(cache);
  });

  afterEach(async () => rm(join(cache, '..'), { recursive: true }));

  itOnDebian(
    "is unpacked from Debian's packages, once, and starts",
    async () => {
      const places = { directories: [], cache };
      const [redis, sameAgain] = await Promise.all([
        program('redis-server', places),
        program('redis-server', places),
      ]);
      expect(sameAgain).toEqual(redis);
      expect(await version(redis)).toMatch(/^Redis server v=\d/);
      expect(await readdir(cache)).toEqual(['redis-server']);
      expect(await program('redis-server', { ...places, aptGet: 'false' })).toEqual(redis);
    },
    DOWNLOAD_MS,
  );

  itOnDebian.each(GATEWAYS)(
    'may be %s, which starts',
    async (name, args, greeting) => {
      expect(await version(await program(name, { directories: [] }), args)).toMatch(greeting);
    },
    DOWNLOAD_MS,
  );

  it('is an error that says what to type on every system, and leaves nothing behind', async () => {
    const failure = program('redis-server', { directories: [], cache, aptGet: 'false' });
    await expect(failure).rejects.toThrow(/^redis-server is not on this machine and could not be fetched: /);
    await expect(failure).rejects.toThrow('sudo dnf install redis');
    await expect(failure).rejects.toThrow('brew install redis');
    await expect(failure).rejects.toThrow('STATUSLENS_REDIS_URL');
    expect(await readdir(cache)).toEqual([]);
  });

  it('is named with the known ones if it is unknown', async () => {
    await expect(program('nonesuch')).rejects.toThrow(
      'No program "nonesuch" is known; the known ones: redis-server, promtool, prometheus, ' +
        'alertmanager, amtool, nginx, nginx-with-modules, apache2, strace, haproxy, caddy, ' +
        'rsyslogd, syslog-ng, logger, curl, rsyslog-elasticsearch, openssl, mtail, goaccess, jq.',
    );
  });
});

await describeWith(['redis-server', 'promtool', 'prometheus'], 'the programs of the tests', () => {
  it.each([
    ['redis-server', /^Redis server v=/],
    ['promtool', /^promtool, version /],
    ['prometheus', /^prometheus, version /],
  ])('%s starts', async (name, greeting) => {
    expect(await version(await testProgram(name))).toMatch(greeting);
  });
});

await describeWith(
  GATEWAYS.map(([name]) => name),
  'the gateways of the tests',
  () => {
    it.each(GATEWAYS)('%s starts', async (name, args, greeting) => {
      expect(await version(await testProgram(name), args)).toMatch(greeting);
    });
  },
);

async function version(
  found: Awaited<ReturnType<typeof program>>,
  args: readonly string[] = ['--version'],
): Promise<string> {
  const child = startProgram(found, [...args]);
  await child.exited;
  return child.output;
}
