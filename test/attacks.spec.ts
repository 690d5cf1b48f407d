import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { deflateSync, gzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startExporter } from '../apps/exporter/src/start.js';
import { startProgram, startScript, type Child } from './harness/child.js';
import { statuslens } from './harness/command-line.js';
import { Conversation } from './harness/conversation.js';
import { testProgram } from './harness/programs.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { settingsFor, writeSettings } from './harness/settings.js';
import { until } from './harness/until.js';
import { zstdFrame } from './harness/zstd.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"\n';
const MIB = 1024 ** 2;
const SETTINGS = {
  ingest: {
    listen: { port: 0, headers_timeout: '1s', request_timeout: '2s', max_connections: 100 },
    max_inflated: '8MiB',
  },
  sources: {
    honest: {},
    attacked: {
      vendor: 'hitachi-opscenter-cm',
      format: 'json',
      fields: Object.fromEntries(
        ['status', 'time', 'method', 'path', 'host', 'consumer', 'device', 'model'].map((field) => [
          field,
          field,
        ]),
      ),
      max_devices: 3,
    },
    smuggled: {},
    guarded: { auth: { bearer: '0123456789abcdef0123456789abcdef' } },
    limited: { limits: { max_rate: '1KiB', burst: '8KiB' } },
    small: { limits: { max_body: '64KiB' } },
  },
};

/** The table of docs/security.md: what is tried, and what whoever tries it is told. */
const PAGE = readFileSync('docs/security.md', 'utf8');
const TABLE = PAGE.slice(PAGE.indexOf('| what is tried'), PAGE.indexOf('A name that is not in the settings'));
const TOLD = new Map(
  [...TABLE.matchAll(/^\| (.+?) +\| (.+?) +\|$/gm)]
    .slice(1)
    .map(([, attack, answer]): [string, string] => [attack!, answer!]),
);
const tried = new Set<string>();

describe('whoever attacks', () => {
  let redis: RunningRedis;
  let ingest: Child;
  let worker: Child;
  let exporter: NestFastifyApplication;
  let url: string;
  let workerUrl: string;
  let config: string;
  let before: Record<string, number>;
  let honest = 0;

  beforeAll(async () => {
    redis = await startRedis();
    config = writeSettings(redis.url, { ...SETTINGS, worker: { listen: { port: 0 } } });
    const env = { STATUSLENS_CONFIG: config };
    ingest = startScript('dist/apps/ingest/src/main.js', [], { env });
    worker = startScript('dist/apps/worker/src/main.js', [], { env });
    exporter = await startExporter(settingsFor(redis.url, SETTINGS));
    url = (await ingest.line(/send logs to (http:\S+)\/ingest/))[1]!;
    workerUrl = (await worker.line(/status on (http:\S+)\/readyz/))[1]!;
    await until('ingest is ready', async () => (await fetch(`${url}/readyz`)).ok);
    before = await memory();
  });

  afterAll(async () => {
    await exporter.close();
    await Promise.all([ingest.kill(), worker.kill()]);
    await redis.stop();
  });

  /** MiB that ingest and worker take. */
  async function memory(): Promise<Record<string, number>> {
    const page = async (of: string): Promise<string> => (await fetch(`${of}/metrics`)).text();
    const taken = (text: string): number =>
      Number(text.match(/^process_resident_memory_bytes (\S+)/m)![1]) / MIB;
    return { ingest: taken(await page(url)), worker: taken(await page(workerUrl)) };
  }

  const exported = async (): Promise<string> => (await fetch(`${await exporter.getUrl()}/metrics`)).text();

  const sample = async (series: string): Promise<number> =>
    Number(
      (await exported())
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')
        .at(-1) ?? 0,
    );

  /** An honest sender is served while it goes on, and neither process has grown without bounds. */
  afterEach(async () => {
    const answer = await fetch(`${url}/ingest/honest`, { method: 'POST', body: LINE });
    expect(answer.status).toBe(202);
    honest++;
    await until(
      'the honest lines are counted',
      async () => (await sample('statuslens_lines_total{source="honest",outcome="classified"}')) === honest,
    );
    const now = await memory();
    for (const [name, taken] of Object.entries(before)) expect(now[name]! - taken).toBeLessThan(150);
  });

  /** One row of the table: the answer that was seen is the one that the page tells. */
  function attack(name: string, run: () => Promise<string>): void {
    tried.add(name);
    it(name, async () => {
      expect(await run()).toBe(TOLD.get(name) ?? 'not in the table of docs/security.md');
    });
  }

  const statuses = (text: string): string =>
    [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, code]) => code).join(', ');

  /** Everything that is answered on one connection until ingest closes it. */
  async function raw(...pieces: readonly (string | Buffer)[]): Promise<string> {
    const conversation = await Conversation.with(url);
    for (const piece of pieces) conversation.write(piece);
    return conversation.closed;
  }

  const post = async (source: string, body: string | Buffer, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/ingest/${source}`, { method: 'POST', body, headers });
    return String(answer.status);
  };

  describe('by being slow', () => {
    /** @returns what is answered to somebody who sends a byte now and then until the connection is closed */
    async function drip(start: string): Promise<string> {
      const conversation = await Conversation.with(url);
      conversation.write(start);
      const timer = setInterval(() => conversation.write('a'), 50);
      const text = await conversation.closed;
      clearInterval(timer);
      return `${statuses(text)}, closed`;
    }

    attack('headers, byte by byte', () => drip('POST /ingest/honest HTTP/1.1\r\nhost: x\r\nx: '));
    attack('a body, byte by byte', () =>
      drip('POST /ingest/honest HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n'),
    );
    attack('connections on which nothing is sent', () => drip('').then(() => idle()));

    async function idle(): Promise<string> {
      const conversations = await Promise.all(Array.from({ length: 60 }, () => Conversation.with(url)));
      expect(await post('honest', LINE)).toBe('202');
      honest++;
      const texts = new Set(
        await Promise.all(conversations.map(async ({ closed }) => statuses(await closed))),
      );
      return `${[...texts].join(' or ')}, closed`;
    }

    attack('more connections than max_connections', async () => {
      const conversations = await Promise.all(Array.from({ length: 150 }, () => Conversation.with(url)));
      const texts = await Promise.all(conversations.map(async ({ closed }) => closed));
      expect(texts.filter((text) => text !== '').length).toBeLessThanOrEqual(100);
      return texts.includes('') ? 'closed at once' : 'all were answered';
    });
  });

  describe('by smuggling a request', () => {
    const SMUGGLED = `POST /ingest/smuggled HTTP/1.1\r\nhost: x\r\ncontent-length: ${LINE.length}\r\n\r\n${LINE}`;
    const head = (...lines: string[]): string =>
      ['POST /ingest/attacked HTTP/1.1', 'host: x', ...lines, '', ''].join('\r\n');
    const chunked = `0\r\n\r\n${SMUGGLED}`;
    const shapes: Record<string, string> = {
      'Content-Length and Transfer-Encoding':
        head('content-length: 5', 'transfer-encoding: chunked') + chunked,
      'Transfer-Encoding and Content-Length':
        head('transfer-encoding: chunked', 'content-length: 5') + chunked,
      'two Content-Lengths': head('content-length: 0', `content-length: ${SMUGGLED.length}`) + SMUGGLED,
      'a Content-Length with a list': head(`content-length: 0, ${SMUGGLED.length}`) + SMUGGLED,
      'a Content-Length with a sign': head('content-length: +0') + SMUGGLED,
      'Transfer-Encoding: xchunked': head('transfer-encoding: xchunked') + chunked,
      'Transfer-Encoding twice': head('transfer-encoding: chunked', 'transfer-encoding: identity') + chunked,
      'a blank before the colon': head('transfer-encoding : chunked') + chunked,
      'a header folded over two lines': head('transfer-encoding:', ' chunked') + chunked,
      'line feeds without carriage returns':
        head('transfer-encoding: chunked').replaceAll('\r', '') + chunked,
      'a chunk size that is no number': `${head('transfer-encoding: chunked')}0x0\r\n\r\n${SMUGGLED}`,
      'HTTP/1.0 with keep-alive and a chunked body':
        head('connection: keep-alive', 'transfer-encoding: chunked').replace('/1.1', '/1.0') + chunked,
      'a NUL in a header': head('x: a\0b', 'content-length: 0') + SMUGGLED,
    };
    for (const [name, bytes] of Object.entries(shapes))
      attack(name, async () => {
        const codes = statuses(await raw(bytes));
        const page = await (await fetch(`${url}/metrics`)).text();
        return page.includes('source="smuggled"') ? `${codes}, and it was let through` : `${codes}, closed`;
      });

    const whole = `${LINE.length.toString(16)};ext=a\r\n${LINE}\r\n0\r\n\r\n`;
    attack('a chunk extension', async () =>
      statuses(await raw(head('transfer-encoding: chunked', 'connection: close'), whole)),
    );
    attack('an absolute URL', async () =>
      statuses(
        await raw(
          `GET http://elsewhere.example/ingest/attacked HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
        ),
      ),
    );
  });

  describe('with headers and paths', () => {
    const request = (path: string, ...headers: string[]): string =>
      [`POST ${path} HTTP/1.1`, 'host: x', ...headers, 'content-length: 1', '', 'a'].join('\r\n');
    const headers = (count: number, value: string): string[] =>
      Array.from({ length: count }, (_, i) => `x-${i}: ${value}`);
    attack('10,000 headers', async () =>
      statuses(await raw(request('/ingest/attacked', ...headers(10_000, 'a')))),
    );
    attack('a header of 1 MB', async () =>
      statuses(await raw(request('/ingest/attacked', `x: ${'a'.repeat(1e6)}`))),
    );
    for (const [name, path] of [
      ['../ in the name of a source', '/ingest/../metrics/../ingest/guarded/../../etc/passwd'],
      ['%2e%2e%2f in the name of a source', '/ingest/%2e%2e%2fguarded'],
      ['%00 in the name of a source', '/ingest/guarded%00'],
      ['broken percent encoding', '/ingest/%zz'],
      ['a source called __proto__', '/ingest/__proto__'],
      ['a source called constructor', '/ingest/constructor'],
      ['a name of 4,000 characters', `/ingest/${'a'.repeat(4000)}`],
      ['a name in other letters', '/ingest/%D0%B0ttacked'],
    ] as const)
      attack(name, async () => statuses(await raw(request(path, 'connection: close'))));
    attack('the name of a source, percent-encoded', async () => {
      const text = await raw(request('/ingest/gu%61rded', 'connection: close'));
      return statuses(text);
    });
    attack('10,000 wrong tokens', async () => {
      const started = performance.now();
      const guesses = Array.from({ length: 10_000 }, (_, i) =>
        request('/ingest/guarded', `authorization: Bearer ${String(i).padStart(32, '0')}`)
          .replace('length: 1', 'length: 0')
          .slice(0, -1),
      );
      const codes = new Set(
        statuses(await raw(...guesses, request('/ingest/guarded', 'connection: close'))).split(', '),
      );
      expect(performance.now() - started).toBeLessThan(20_000);
      return [...codes].join(', ');
    });
    attack('more bytes than limits.max_rate', async () => {
      const codes = [];
      for (let i = 0; i < 3; i++) codes.push(await post('limited', LINE.repeat(100)));
      const page = await (await fetch(`${url}/metrics`)).text();
      expect(page).toContain(
        'requests_total{protocol="http",source="limited",code="503",refusal="rate_limited"} 2\n',
      );
      return codes.join(', ');
    });
    attack('a body larger than limits.max_body', async () => post('small', LINE.repeat(1000)));
  });

  describe('with bombs', () => {
    const dead = async (reason: string): Promise<number> =>
      sample(`statuslens_dead_batches_total{source="attacked",reason="${reason}"}`);
    async function buried(reason: string, body: Buffer, encoding: string): Promise<string> {
      const was = await dead(reason);
      const code = await post('attacked', body, { 'content-encoding': encoding });
      await until(`it is dead as ${reason}`, async () => (await dead(reason)) === was + 1, {
        timeoutMs: 20_000,
      });
      return `${code}, then dead: ${reason}`;
    }
    const block = { byte: 'a', times: 128 * 1024 };
    attack('gzip of 64 MiB, with max_inflated at 8 MiB', () =>
      buried('inflated_too_large', gzipSync(Buffer.alloc(64 * MIB)), 'gzip'),
    );
    attack('gzip of 100,000 members', () =>
      buried('inflated_too_large', Buffer.concat(Array<Buffer>(100_000).fill(gzipSync(LINE))), 'gzip'),
    );
    attack('zstd of 12 GB in 400 kB', () =>
      buried('inflated_too_large', zstdFrame(Array(1e5).fill(block), 17), 'zstd'),
    );
    attack('zstd that declares a window of 2 GB', () =>
      buried('zstd_window_too_large', zstdFrame(Array(65).fill(block), 31), 'zstd'),
    );
    attack('deflate of 64 MiB, with max_inflated at 8 MiB', async () =>
      post('attacked', deflateSync(Buffer.alloc(64 * MIB)), { 'content-encoding': 'deflate' }),
    );
  });

  describe('with lines', () => {
    const lines = async (outcome: string): Promise<number> =>
      sample(`statuslens_lines_total{source="attacked",outcome="${outcome}"}`);
    /** @returns what became of so many lines */
    async function counted(body: string | Buffer, count: number): Promise<string> {
      const outcomes = ['classified', 'rejected'];
      const was = await Promise.all(outcomes.map(lines));
      expect(await post('attacked', body)).toBe('202');
      const now = await until('they are counted', async () => {
        const seen = await Promise.all(outcomes.map(lines));
        return seen[0]! + seen[1]! >= was[0]! + was[1]! + count ? seen : undefined;
      });
      return outcomes.filter((_, i) => now[i]! > was[i]!).join(' and ');
    }
    const line = (fields: object): string =>
      `${JSON.stringify({ time: '2026-11-21T07:39:17Z', status: 503, ...fields })}\n`;
    attack('JSON 100,000 levels deep', () =>
      counted(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}\n`, 1),
    );
    attack('JSON 10,000 levels deep, which fits into a line', () =>
      counted(
        `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}
`,
        1,
      ),
    );
    attack('keys that are called __proto__, constructor and prototype', async () => {
      const keys = '"__proto__":{"status":200,"polluted":1},"constructor":{"prototype":{"polluted":1}}';
      return counted(`{${keys},"time":"2026-11-21T07:39:17Z","path":"/openidm/x","status":503}\n`, 1);
    });
    attack('the same key twice', () =>
      counted('{"time":"2026-11-21T07:39:17Z","path":"/openidm/x","status":200,"status":503}\n', 1),
    );
    const HOSTILE = ['\n', '"', '\\', '\x1b[2J', '\u2028', '\u0085', '}', '|', '\u202e', '\0'];
    attack('line feeds, quotes, backslashes, ANSI escapes and U+2028 in every field', async () => {
      const forged = 'x"} 1\nstatuslens_forged_total{a="b"} 7\n';
      const bodies = [forged, ...HOSTILE].map((text) =>
        line({
          path: `/ConfigurationManager/${text}`,
          method: text,
          host: text,
          consumer: text,
          device: text,
          model: text,
        }),
      );
      const outcome = await counted(bodies.join(''), bodies.length);
      const page = await exported();
      expect(page).not.toMatch(/^statuslens_forged/m);
      const promtool = startProgram(await testProgram('promtool'), ['check', 'metrics'], { input: page });
      expect([(await promtool.exited).code, promtool.output]).toEqual([0, '']);
      return outcome;
    });
    attack('bytes that are not UTF-8, and lines that are none', async () => {
      const hostile = Buffer.concat([
        Buffer.from('{"status":503,"path":"/'),
        Buffer.from([0xff, 0xc0, 0x80]),
        Buffer.from('"}\n'),
      ]);
      const outcome = await counted(
        Buffer.concat([hostile, Buffer.from(`${HOSTILE.slice(1).join('')}\x1b]0;title\x07\n`)]),
        2,
      );
      for (const args of [['rejected'], ['rejected', '--json'], ['dead', 'list']]) {
        const { stdout } = await statuslens([...args, '--config', config]);
        expect(stdout).not.toBe('');
        expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }
      return outcome;
    });
    attack('1,000 devices, users and paths that nobody knows', async () => {
      const count = async (): Promise<number> =>
        (await exported()).split('\n').filter((one) => one.includes('source="attacked"')).length;
      const body = Array.from({ length: 1000 }, (_, i) =>
        line({
          path: `/ConfigurationManager/v1/x${i}`,
          device: `device${i}`,
          consumer: `user${i}`,
          model: `model${i}`,
        }),
      ).join('');
      const outcome = await counted(body, 1000);
      expect(await count()).toBeLessThan(800);
      return outcome;
    });
  });

  it('is in docs/security.md, and nothing is there that is not tried', () => {
    expect([...TOLD.keys()]).toEqual([...tried]);
  });

  it('has written nothing into the logs that a terminal obeys', () => {
    for (const { output } of [ingest, worker]) {
      // Nest colours its own words
      const text = stripVTControlCharacters(output).replaceAll('\n', '');
      expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]|forged/u);
    }
  });
});
