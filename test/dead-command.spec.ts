import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { connectPatiently, startEmbeddedRedis } from '#redis';
import { statuslens as run, type Ran } from './harness/command-line.js';
import { testProgram } from './harness/programs.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { writeSettings } from './harness/settings.js';
import { startStatuslens, total, type RunningStatuslens } from './harness/statuslens.js';
import { until } from './harness/until.js';

const LINE =
  '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x?token=hunter2 HTTP/1.1" 503 12 "-" "curl"\n';
const LARGE_LINES = 50;
const LARGE = gzipSync(LINE.repeat(LARGE_LINES));
const CUT = gzipSync(LINE.repeat(3)).subarray(0, -20);
const GZIP = { 'content-encoding': 'gzip' };
const SOURCES = { nginx: { format: 'combined' }, apache: { format: 'combined' } };
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

interface Listed {
  readonly id: string;
  readonly source: string;
  readonly reason: string;
}

describe('with Redis', () => {
  let redis: RunningRedis;
  let client: ReturnType<typeof connectPatiently>;
  let statuslens: RunningStatuslens;
  let config: string;

  beforeEach(async () => {
    redis = await startRedis();
    client = connectPatiently({ url: redis.url });
    config = writeSettings(redis.url, { sources: SOURCES });
    await startWith('2KiB');
  });
  afterEach(async () => {
    await statuslens.stop();
    client.disconnect();
    await redis.stop();
  });

  const startWith = async (max_inflated: string): Promise<void> => {
    const ingest = { listen: { port: 0 }, max_inflated };
    statuslens = await startStatuslens(redis.url, { sources: SOURCES, ingest });
  };
  const cli = (...argv: string[]): Promise<Ran> => run([...argv, '--config', config]);
  const listed = async (...argv: string[]): Promise<Listed[]> => {
    const { stdout } = await cli('dead', 'list', '--json', ...argv);
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Listed);
  };
  const kept = async () => (await statuslens.metrics()).get('statuslens_dead_batches_kept') ?? 0;
  const send = async (source: string, body: Buffer, dead: number): Promise<void> => {
    expect((await statuslens.send(source, body, GZIP)).status).toBe(202);
    await until(`${dead} batches are dead`, async () => (await kept()) === dead);
  };

  async function expectLaws(): Promise<void> {
    const metrics = await statuslens.metrics();
    const batches = (outcome: string) => total(metrics, 'statuslens_batches_total', `outcome="${outcome}"`);
    expect(batches('accepted') + batches('replayed')).toBe(
      batches('committed') + batches('duplicate') + batches('dead'),
    );
    expect(metrics.get('statuslens_queue_bytes') ?? 0).toBe(0);
    const gone = batches('replayed') + total(metrics, 'statuslens_dead_batches_dropped_total');
    expect(batches('dead') - gone).toBe(await kept());
  }

  it('lists dead batches, the oldest first, for people and for programs', async () => {
    expect(await cli('dead', 'list')).toEqual({ code: 0, stdout: 'no dead batches\n', stderr: '' });
    await send('nginx', LARGE, 1);
    await send('apache', CUT, 2);
    const { stdout } = await cli('dead', 'list');
    const blank = stdout.replace(UUID, '<id>').replace(/\d{4}-\S+Z/g, '<time>');
    expect(blank).toBe(
      [
        'id                                    source  reason              bytes  died',
        `<id>  nginx   inflated_too_large    ${LARGE.length}  <time>`,
        `<id>  apache  unreadable_gzip       ${CUT.length}  <time>`,
        '',
        `2 dead batches of ${LARGE.length + CUT.length} bytes`,
        '',
      ].join('\n'),
    );
    const batches = await listed();
    expect(batches.map(({ source }) => source)).toEqual(['nginx', 'apache']);
    expect(batches[1]).toMatchObject({
      reason: 'unreadable_gzip',
      detail: 'unexpected end of file',
      bytes: CUT.length,
      diedAt: expect.stringMatching(/^2.*Z$/) as unknown,
    });
    expect(await listed('--source', 'apache')).toEqual([batches[1]]);
    expect(await listed('--source', 'nobody')).toEqual([]);
  });

  it('shows one, inflated as far as it goes, without secrets and without what a terminal obeys', async () => {
    const evil = `${LINE}\u001b]0;owned\u0007 password="hunter2" \u202e\n`;
    await send('nginx', gzipSync(evil + LINE.repeat(30)), 1);
    await send('nginx', CUT, 2);
    const [large, cut] = await listed();
    const { code, stdout } = await cli('dead', 'show', large!.id);
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      `id        ${large!.id}`,
      'source    nginx',
      'reason    inflated_too_large: more than 2048 bytes after decompression',
      expect.stringMatching(/^received {2}2.*Z$/),
    ]);
    expect(lines[7]).toBe('Its beginning, inflated, without secrets:');
    expect(lines[8]).toBe(`  ${LINE.trimEnd().replace('hunter2', '***')}`);
    expect(lines[9]).toBe('  \\x1b]0;owned\\x07 password="***" \\u{202e}');
    expect(stdout).not.toContain('hunter2');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect((await cli('dead', 'show', cut!.id)).stdout).toContain(`  ${LINE.slice(0, 40)}`);
  });

  it('gives the bytes as they came, but not to a terminal', async () => {
    await send('nginx', CUT, 1);
    const [{ id }] = (await listed()) as [Listed];
    expect(await cli('dead', 'show', id, '--raw')).toEqual({ code: 0, stdout: CUT.toString(), stderr: '' });
    const onTerminal = await run(['dead', 'show', id, '--raw', '--config', config], { terminal: true });
    expect([onTerminal.code, onTerminal.stdout]).toEqual([2, '']);
    expect(onTerminal.stderr).toContain('send them to a file or a pipe\n');
  });

  it('replays what was too large once the limit is raised; it counts once', async () => {
    await send('nginx', LARGE, 1);
    const [{ id }] = (await listed()) as [Listed];
    await statuslens.stop();
    await startWith('1MiB');
    const both = await Promise.all([cli('dead', 'replay', id), cli('dead', 'replay', '--all')]);
    expect(both.map(({ stdout }) => stdout.split('\n').at(-2)).sort()).toEqual([
      '0 batches replayed',
      '1 batch replayed',
    ]);
    const metrics = await statuslens.counted(LARGE_LINES);
    expect(total(metrics, 'statuslens_lines_total')).toBe(LARGE_LINES);
    expect(await cli('dead', 'replay', id)).toEqual({
      code: 1,
      stdout: '0 batches replayed\n',
      stderr: `no dead batch ${id}\n`,
    });
    await expectLaws();
  });

  it('replays what dies again, all of a source at a time', async () => {
    await send('nginx', CUT, 1);
    await send('apache', CUT, 2);
    const before = await listed();
    const { code, stdout } = await cli('dead', 'replay', '--source', 'nginx');
    expect([code, stdout.replace(UUID, '<id>')]).toEqual([
      0,
      '<id> is queued again as <id>\n1 batch replayed\n',
    ]);
    const again = stdout.match(UUID)![1]!;
    await until('it is dead again', async () => (await listed()).some(({ id }) => id === again));
    expect((await listed()).map(({ id }) => id).sort()).toEqual([before[1]!.id, again].sort());
    await expectLaws();
  });

  it('tells of bytes that were lost', async () => {
    await send('nginx', CUT, 1);
    const [{ id }] = (await listed()) as [Listed];
    await client.del(`{sl0}:dead:${id}`);
    expect((await cli('dead', 'show', id)).stdout).toContain('\nIts bytes were lost.\n');
    expect(await cli('dead', 'replay', id)).toEqual({
      code: 1,
      stdout: '0 batches replayed\n',
      stderr: `${id} cannot be replayed: its bytes were lost\n`,
    });
    expect((await cli('dead', 'replay', '--all')).code).toBe(0);
  });

  it('drops some, and then all', async () => {
    for (let dead = 1; dead <= 3; dead++) await send('nginx', CUT, dead);
    const [{ id }] = (await listed()) as [Listed];
    expect(await cli('dead', 'drop', id, 'nothing')).toEqual({
      code: 1,
      stdout: '1 batch dropped\n',
      stderr: 'no dead batch nothing\n',
    });
    expect((await cli('dead', 'drop', '--all')).stdout).toBe('2 batches dropped\n');
    expect(await listed()).toEqual([]);
    expect(await cli('dead', 'show', id)).toEqual({ code: 1, stdout: '', stderr: `no dead batch ${id}\n` });
    await expectLaws();
    const page = await (await fetch(`${statuslens.exporter}/metrics`)).text();
    expect(page).toContain('statuslens_dead_batches_dropped_total{source="nginx",reason="operator"} 3\n');
  });

  it('shows rejected lines by source and reason', async () => {
    expect((await cli('rejected')).stdout).toBe('no rejected lines\n');
    await statuslens.send('nginx', `${LINE}x \u001b[31m?signature=hunter2&a=b\n\u0000\n`);
    await statuslens.counted(3);
    await statuslens.send('apache', 'nonsense\n');
    await statuslens.counted(4);
    await statuslens.send('apache', 'more nonsense\n');
    await statuslens.counted(5);
    const { stdout } = await cli('rejected');
    expect(stdout.replace(/\d{4}-\S+Z/g, '<time>')).toBe(
      [
        'apache: 2 lines rejected as malformed_line',
        '  <time>  more nonsense',
        '  <time>  nonsense',
        '',
        'nginx: 1 line rejected as binary',
        '  <time>  \\x00',
        '',
        'nginx: 1 line rejected as malformed_line',
        '  <time>  x \\x1b[31m?signature=***&a=b',
        '',
      ].join('\n'),
    );
    const json = (await cli('rejected', '--json', '--source', 'nginx')).stdout.split('\n');
    expect(JSON.parse(json[0]!)).toEqual({
      source: 'nginx',
      reason: 'binary',
      count: 1,
      samples: [{ at: expect.stringMatching(/Z$/) as unknown, line: '\u0000' }],
    });
    expect((await cli('rejected', '--drop', '--source', 'nginx')).stdout).toBe(
      'dropped 2 lines; their counts stay\n',
    );
    expect((await cli('rejected')).stdout.replace(/\d{4}-\S+Z/g, '<time>')).toBe(
      [
        'apache: 2 lines rejected as malformed_line',
        '  <time>  more nonsense',
        '  <time>  nonsense',
        '',
        'nginx: 1 line rejected as binary',
        '',
        'nginx: 1 line rejected as malformed_line',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['wants a password', ['requirepass', 'hunter2'], /^cannot reach Redis at redis:.*: NOAUTH .*\n$/],
    ['refuses to write', ['min-replicas-to-write', '1'], /^Redis: .*NOREPLICAS.*\n$/],
  ])('says so if Redis %s', async (_, setting, sentence) => {
    await send('nginx', CUT, 1);
    const [{ id }] = (await listed()) as [Listed];
    await client.config('SET', setting[0]!, setting[1]!);
    const { code, stderr } = await cli('dead', 'drop', id);
    expect(stderr).toMatch(sentence);
    expect(code).toBe(1);
    await client.config('SET', setting[0]!, setting[1] === '1' ? '0' : '');
  });

  it('says so if Redis hangs', async () => {
    process.kill(redis.pid, 'SIGSTOP');
    const { code, stderr } = await cli('dead', 'list');
    process.kill(redis.pid, 'SIGCONT');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^cannot reach Redis at redis:.*\n$/)]);
  });
});

describe('with the Redis of npm start', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sl-')));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds its socket by the settings', async () => {
    const config = join(folder, 'statuslens.yaml');
    writeFileSync(config, 'redis: { data: data }\nsources: { a: {} }\n');
    const argv = ['dead', 'list', '--config', config];
    expect((await run(argv)).stderr).toContain('npm start has no data beside that file');
    const program = await testProgram('redis-server');
    const redis = await startEmbeddedRedis({
      ...program,
      dataDir: join(folder, 'data'),
      appendfsync: 'everysec',
    });
    const found = await run(argv);
    await redis.stop();
    expect(found).toEqual({ code: 0, stdout: 'no dead batches\n', stderr: '' });
    const { code, stderr } = await run(argv);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^cannot reach Redis at unix:.*redis\.sock: .*is npm start running\?\n$/);
  });
});
