import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { VERSION } from '#settings';
import { statuslens, type Ran } from '../../../test/harness/command-line.js';
import type { Summary } from './summary.js';

const LOGS = 'libs/access-log/test-data';
const LOG_NAMES = ['apache-combined-ra', 'apache-combined', 'nginx-combined', 'nginx-json'];
const LINES_OF_A_LOG = 147;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'statuslens-cli-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const summaryOf = ({ code, stdout }: Ran): Summary => {
  expect(code).toBe(0);
  return JSON.parse(stdout) as Summary;
};

const requestsIn = ({ requests }: Summary): number => requests.reduce((sum, { count }) => sum + count, 0);

it('statuslens --version prints the version of package.json', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(VERSION).toBe(version);
  expect(await statuslens(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe('statuslens classify', () => {
  interface Case {
    readonly vendor: string;
    readonly code: number;
    readonly context: object;
    readonly expect: object;
  }
  const golden = readFileSync('libs/verdict/test-data/golden-verdicts.jsonl', 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);

  async function classified(...lines: object[]): Promise<Record<string, unknown>[]> {
    const input = lines.map((line) => JSON.stringify(line)).join('\n');
    const { code, stdout, stderr } = await statuslens(['classify'], { input });
    expect([code, stderr]).toEqual([0, '']);
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it('gives every golden case the verdict of its document, one line out for one line in', async () => {
    const answers = await classified(
      ...golden.map(({ vendor, code, context }) => ({ vendor, code, context })),
    );
    expect(answers).toHaveLength(golden.length);
    answers.forEach((answer, i) => {
      const { vendor, code, expect: wanted } = golden[i]!;
      expect(answer).toMatchObject({ vendor, code, ...wanted });
    });
  });

  it('prints exactly the keys of the contract, in their order', async () => {
    const keys = 'vendor,code,verdict,reason,responsible,action,basis,origin,flags,citation'.split(',');
    for (const answer of await classified({ vendor: 'otc-dcs', code: 413 }, { vendor: 'otc-dcs', code: 599 }))
      expect(Object.keys(answer)).toEqual(keys);
  });

  it('holds a missing key for not logged, and null and false for logged and absent', async () => {
    const known = { origin: 'vendor' };
    const [missing, nothing, no, thirty] = await classified(
      ...[{}, { retry_after: null }, { retry_after: false }, { retry_after: 30 }].map((context) => ({
        vendor: 'otc-dcs',
        code: 413,
        context: { ...known, ...context },
      })),
    );
    expect(missing).toMatchObject({ verdict: 'client_fault', flags: ['conditional'] });
    expect(nothing).toMatchObject({ verdict: 'client_fault', flags: [] });
    expect(no).toEqual(nothing);
    expect(thirty).toMatchObject({ verdict: 'retryable_busy', flags: [] });
  });

  it('holds results for not logged, absent or counted alike', async () => {
    const request = { origin: 'vendor', method: 'DELETE', path: '/v2/x/instances' };
    const [missing, nothing, no, some] = await classified(
      ...[{}, { results: null }, { results: false }, { results: { success: 1, failed: 1 } }].map(
        (context) => ({
          vendor: 'otc-dcs',
          code: 200,
          context: { ...request, ...context },
        }),
      ),
    );
    expect(missing).toMatchObject({ verdict: 'ok', flags: ['conditional'] });
    expect(nothing).toMatchObject({ verdict: 'ok', flags: [] });
    expect(no).toEqual(nothing);
    expect(some).toMatchObject({ verdict: 'partial_success', action: 'fix_and_retry' });
  });

  it('takes every key of the context, and false for what null says', async () => {
    const values = {
      method: 'DELETE',
      path: '/ConfigurationManager/v1/objects/ldevs',
      model: 'VSP G370',
      content_type: 'text/html',
      retry_after: 3,
      timeout_param: 10,
      if_match: '"7"',
      if_none_match: '*',
      body_bytes: 0,
      error_code: 'DCS.4101',
      partialSuccessResponses: 2,
      results: { success: 1, failed: 1 },
      result_count: 5,
      after_job: { method: 'DELETE', state: 'Succeeded' },
      origin: 'gateway',
    };
    const lines = (replaced: (value: unknown) => unknown): object[] =>
      ['hitachi-hsae', 'hitachi-opscenter-cm', 'forgerock-crest', 'otc-dcs'].flatMap((vendor) =>
        [200, 202, 400, 404, 412, 417, 500, 503].flatMap((code) =>
          Object.entries(values).map(([key, value]) => ({
            vendor,
            code,
            context: { [key]: replaced(value) },
          })),
        ),
      );
    await classified(...lines((value) => value));
    expect(await classified(...lines(() => false))).toEqual(await classified(...lines(() => null)));
  });

  it('reads Retry-After as text too: seconds or a date', async () => {
    const date = 'Sat, 21 Nov 2026 07:39:17 GMT';
    const lines = ['30', date, true].map((retry_after) => ({
      vendor: 'otc-dcs',
      code: 413,
      context: { retry_after },
    }));
    for (const answer of await classified(...lines))
      expect(answer).toMatchObject({ verdict: 'retryable_busy' });
  });

  it('takes CRLF, blank lines and a last line without a line break', async () => {
    const line = '{"vendor":"otc-dcs","code":503}';
    const { code, stdout } = await statuslens(['classify'], { input: `${line}\r\n\r\n  \n${line}` });
    expect([code, stdout.trimEnd().split('\n').length]).toEqual([0, 2]);
  });

  it('never prints a control character of its input raw', async () => {
    const input = '{"vendor":"\\u001b[31m\\u009b31m\\u007f","code":503}\n\u001b]0;x\u0007\u009b\n';
    const { stdout } = await statuslens(['classify'], { input });
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({
      error: expect.stringContaining('\u001b[31m\u009b31m\u007f') as unknown,
    });
  });
});

describe('statuslens analyze', () => {
  it.each(LOG_NAMES)('counts every line of %s, plain and gzipped alike', async (name) => {
    const content = readFileSync(`${LOGS}/${name}.log`);
    const gz = written(`${name}.log.gz`, gzipSync(content));
    const plain = summaryOf(await statuslens(['analyze', '--json', `${LOGS}/${name}.log`]));
    expect(plain.lines).toEqual({ classified: LINES_OF_A_LOG, rejected: 0, ignored: 0 });
    expect(requestsIn(plain)).toBe(LINES_OF_A_LOG);
    expect(plain.rejected).toEqual([]);
    expect(summaryOf(await statuslens(['analyze', '--json', gz]))).toEqual(plain);
    expect(summaryOf(await statuslens(['analyze', '--json', '-'], { input: content }))).toEqual(plain);
  });

  it('adds up several files, each in its own format, standard input among them', async () => {
    const [first, ...others] = LOG_NAMES.map((name) => `${LOGS}/${name}.log`) as [string, ...string[]];
    const argv = ['analyze', '--json', ...others, '-'];
    const summary = summaryOf(await statuslens(argv, { input: readFileSync(first) }));
    expect(summary.lines.classified).toBe(LOG_NAMES.length * LINES_OF_A_LOG);
    expect(requestsIn(summary)).toBe(LOG_NAMES.length * LINES_OF_A_LOG);
  });

  it('reads a gz of several members, as logrotate and cat make them', async () => {
    const one = gzipSync(readFileSync(`${LOGS}/nginx-json.log`));
    const summary = summaryOf(
      await statuslens(['analyze', '--json', written('two.gz', Buffer.concat([one, one]))]),
    );
    expect(summary.lines.classified).toBe(2 * LINES_OF_A_LOG);
  });

  describe('of a log that is long enough for several threads', () => {
    const TIMES = 400;
    let long: Buffer;
    let table: string;
    beforeAll(async () => {
      const lines = readFileSync(`${LOGS}/nginx-combined.log`, 'latin1');
      const some = `${lines}first\r\n\n${lines}{"status":"503"}\r\n`;
      long = Buffer.from(some.repeat(TIMES) + 'last', 'latin1');
      const argv = ['analyze', '--format', 'combined', '--by', 'code', '-'];
      table = (await statuslens(argv, { input: long })).stdout.split('\n\n')[0]!;
      expect(long.length).toBeGreaterThan(16 * 1024 ** 2);
    });

    const analyzed = async (file: string, input?: Buffer): Promise<string> => {
      const ran = await statuslens(['analyze', '--format', 'combined', file], { input });
      expect([ran.code, ran.stderr]).toEqual([0, `${file}: format combined, as told\n`]);
      const lines = 2 * TIMES * LINES_OF_A_LOG;
      expect(ran.stdout).toContain(`${lines} classified, ${2 * TIMES + 1} rejected, 0 ignored`);
      expect(ran.stdout).toContain(`rejected ${2 * TIMES + 1} as malformed_line, such as: first`);
      return ran.stdout.split('\n\n')[0]!;
    };

    it.each(['long.log', 'long.log.gz', '-'])('says of %s what one thread says', async (name) => {
      const half = long.indexOf('\n', long.length / 2) - 20;
      const members = () =>
        Buffer.concat([long.subarray(0, half), long.subarray(half)].map((part) => gzipSync(part)));
      if (name === '-') expect(await analyzed('-', long)).toBe(table);
      else expect(await analyzed(written(name, name.endsWith('.gz') ? members() : long))).toBe(table);
    });

    it('tells of a gz that breaks off', async () => {
      const whole = gzipSync(long);
      const cut = written('long-cut.gz', whole.subarray(0, whole.length - 20));
      const { code, stdout, stderr } = await statuslens(['analyze', cut]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toBe(`cannot read ${cut}: unexpected end of file\n`);
    });
  });

  it('gives rows with the keys of the contract, the most frequent first', async () => {
    const summary = summaryOf(await statuslens(['analyze', '--json', `${LOGS}/nginx-json.log`]));
    expect(Object.keys(summary)).toEqual('lines,requests,rejected,time,by,callers,conduct'.split(','));
    expect(Object.keys(summary.requests[0]!)).toEqual(
      'vendor,code,verdict,reason,responsible,action,origin,count'.split(','),
    );
    const counts = summary.requests.map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });

  it('judges every line by the vendor that --vendor names, statuses of the gateway excepted', async () => {
    const argv = ['analyze', '--json', '--vendor', 'huawei-cloud', `${LOGS}/nginx-combined.log`];
    const { requests } = summaryOf(await statuslens(argv));
    expect(new Set(requests.map(({ vendor }) => vendor))).toEqual(new Set(['huawei-cloud']));
  });

  it('shows of each reason how many lines were rejected and the first of them', async () => {
    const good = readFileSync(`${LOGS}/nginx-combined.log`, 'utf8').split('\n', 1)[0]!;
    const input = `${good}\nfirst\nsecond\n${good}\n\u0000\n${good}\n`;
    const summary = summaryOf(
      await statuslens(['analyze', '--json', '--format', 'combined', '-'], { input }),
    );
    expect(summary.lines).toEqual({ classified: 3, rejected: 3, ignored: 0 });
    expect(summary.rejected).toEqual([
      { reason: 'malformed_line', count: 2, sample: 'first' },
      { reason: 'binary', count: 1, sample: '\u0000' },
    ]);
  });

  it.each([[[]], [['--json']]])(
    'lets no escape code of a line reach the terminal %p',
    async (options: string[]) => {
      const evil = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u007f\b\r';
      const argv = ['analyze', '--format', 'combined', ...options, '-'];
      const { code, stdout, stderr } = await statuslens(argv, { input: `${evil}x\n${evil.repeat(99)}\n` });
      expect(code).toBe(0);
      expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    },
  );

  it('tells of a gz that breaks off, without its usage, with exit code 1', async () => {
    const whole = gzipSync(readFileSync(`${LOGS}/nginx-json.log`));
    const cut = written('cut.gz', whole.subarray(0, whole.length / 2));
    const none = written('none.gz', 'this is no gzip');
    expect(await statuslens(['analyze', cut])).toEqual({
      code: 1,
      stdout: '',
      stderr: `cannot read ${cut}: unexpected end of file\n`,
    });
    expect(await statuslens(['analyze', none])).toEqual({
      code: 1,
      stdout: '',
      stderr: `cannot read ${none}: incorrect header check\n`,
    });
  });

  it('draws a progress bar on a terminal, and takes it away when done', async () => {
    const argv = ['analyze', `${LOGS}/nginx-json.log`];
    const { stderr, stdout } = await statuslens(argv, { terminal: true });
    expect(stderr).toMatch(/0% of 0\.1 MiB/);
    expect(stderr).toContain('\u001b[?25l'); // the cursor is hidden …
    expect(stderr.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stderr.lastIndexOf('\u001b[?25l')); // … and back
    expect(stdout).not.toContain('\u001b');
  });

  it('draws nothing where standard error is no terminal: it says the format, or with --json nothing', async () => {
    const file = `${LOGS}/nginx-json.log`;
    const { stderr } = await statuslens(['analyze', file]);
    expect(stderr).toMatch(/^\S+nginx-json\.log: format nginx-json: \P{Cc}*\n$/u);
    expect((await statuslens(['analyze', '--json', file])).stderr).toBe('');
  });

  it('accounts for every line of any file', async () => {
    const logs = LOG_NAMES.flatMap((name) =>
      readFileSync(`${LOGS}/${name}.log`, 'utf8').trim().split('\n').slice(0, 20),
    );
    const garbage = fc
      .string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 })
      .map((text) => `x${text.replaceAll(/[\n\r[\]{}"]/g, '')}`);
    const line = fc.oneof(fc.constantFrom(...logs), garbage);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 200 }), async (lines) => {
        const argv = ['analyze', '--json', '--format', 'combined', '-'];
        const summary = summaryOf(await statuslens(argv, { input: lines.join('\n') }));
        const { classified, rejected, ignored } = summary.lines;
        expect(classified + rejected + ignored).toBe(lines.length);
        expect(requestsIn(summary)).toBe(classified);
        expect(summary.rejected.reduce((sum, { count }) => sum + count, 0)).toBe(rejected);
      }),
      { numRuns: 12 },
    );
  });
});

describe('the settings that a command reads', () => {
  const settings = () => written('broken.yaml', 'sources: {}\n');

  it.each([
    ['classify', []],
    ['explain', ['otc-dcs', '503']],
    ['analyze', [`${LOGS}/nginx-json.log`]],
  ])('%s ends with every mistake in them and exit code 1', async (command, args) => {
    const wanted = {
      code: 1,
      stdout: '',
      stderr: `${settings()}:1: sources: must name at least one source\n`,
    };
    expect(await statuslens([command, ...args, '--config', settings()])).toEqual(wanted);
    expect(await statuslens([command, ...args], { environment: { STATUSLENS_CONFIG: settings() } })).toEqual(
      wanted,
    );
  });

  it('check-config reads the file that STATUSLENS_CONFIG names', async () => {
    const file = written('other.yaml', 'sources: { a: {}, b: { vendor: otc-dcs, format: combined } }\n');
    const { code, stdout } = await statuslens(['check-config'], { environment: { STATUSLENS_CONFIG: file } });
    expect([code, stdout.split('\n')[0]]).toEqual([0, `${file} is valid: 2 sources, 5 vendors`]);
  });

  it('explain knows the vendors of its own files', async () => {
    const vendor = readFileSync('libs/catalogue/vendors/otc-dcs.yaml', 'utf8').replace(
      'vendor: otc-dcs',
      'vendor: acme',
    );
    written('acme.yaml', vendor);
    const file = written('own.yaml', 'vendors: [acme.yaml]\nsources: { a: {} }\n');
    const { code, stdout } = await statuslens(['explain', 'acme', '503', '--config', file]);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'acme 503 ServiceUnavailable']);
  });
});
