import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse, stringify } from 'yaml';
import { startProgram, type Child } from './harness/child.js';
import { checkOut, type Checkout } from './harness/checkout.js';
import { describeWith } from './harness/programs.js';

const README = readFileSync('README.md', 'utf8');
const LOG = 'libs/access-log/test-data/nginx-json.log';
const LINE = readFileSync(LOG, 'utf8').split('\n', 1)[0]!;
const TOKEN = 's3cret';
const PATIENTLY = { timeoutMs: 90_000 };
/** A busy machine builds, starts and judges slowly. */
const COMMAND_MS = 120_000;
const ANY_PORTS = {
  ingest: { listen: { port: 0 } },
  worker: { listen: { port: 0 } },
  exporter: { listen: { port: 0 } },
};

const blocksOf = (language: string): string[] =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text!);

/** Every line of the shell blocks, and the commands that stand in the text. */
const commands = [
  ...blocksOf('sh').flatMap((block) => block.trim().split('\n')),
  ...[...README.matchAll(/`((?:npm|npx|node|docker|curl) [^`\n]+)`/g)].map(([, command]) => command!),
];

const snippetWith = (key: string): Record<string, object> =>
  blocksOf('yaml')
    .map((text) => parse(text) as Record<string, object>)
    .find((snippet) => key in snippet)!;

await describeWith(['redis-server', 'promtool'], 'README.md', () => {
  let checkout: Checkout;
  let settings: string;
  let running: Child;
  let ingest: string;
  let exporter: string;

  /** What an npm script runs, from a fresh checkout: builds it if need be. */
  function start(script: string, args: string[], settings: string): Child {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const [node, file] = scripts[script]!.replace('exec ', '').split(' ') as [string, string];
    expect(node).toBe('node');
    const env = { ...checkout.env, STATUSLENS_CONFIG: settings, STATUSLENS_TOKEN: TOKEN };
    return startProgram({ command: process.execPath, env: {} }, [file, ...args], {
      cwd: checkout.folder,
      env,
    });
  }

  /** Settings of the project with free ports and data of their own. */
  function withFreePorts(file: string, name: string, more: object = {}): string {
    const settings = parse(readFileSync(file, 'utf8')) as { sources: object };
    const written = join(checkout.folder, `${name}.yaml`);
    const sources = { ...settings.sources, ...more };
    const redis = { data: join(checkout.folder, `data of ${name}`) };
    writeFileSync(written, stringify({ ...settings, ...ANY_PORTS, redis, sources }));
    return written;
  }

  const demoSettings = (name: string): string => withFreePorts('apps/standalone/demo/statuslens.yaml', name);

  async function shell(command: string): Promise<string> {
    const program = { command: 'sh', env: {} };
    const env = { ...checkout.env, STATUSLENS_CONFIG: settings, STATUSLENS_TOKEN: TOKEN };
    const child = startProgram(program, ['-c', command], { cwd: checkout.folder, env });
    const { code } = await child.exited;
    if (code !== 0) throw new Error(`${command} ended with ${code} and printed:\n${child.output}`);
    return child.stdout;
  }

  beforeAll(async () => {
    checkout = await checkOut();
    copyFileSync(resolve(LOG), join(checkout.folder, 'access.log'));
    settings = withFreePorts('statuslens.yaml', 'start', snippetWith('sources')['sources']);
    running = start('start', [], settings);
    ingest = (await running.line(/send logs .* (http:\S+)\/ingest\//, PATIENTLY))[1]!;
    exporter = (await running.line(/scrape +(http:\S+)\/metrics/))[1]!;
  }, COMMAND_MS);

  afterAll(async () => {
    await running.kill('SIGINT');
    checkout.remove();
  });

  const judged = /who must act on the \d+ of \d+ requests that are not ok/;

  /** How each command is run here. */
  const RULES: readonly (readonly [pattern: RegExp, run: (command: string) => Promise<void>])[] = [
    [
      /^npm run demo$/,
      async () => {
        const demo = start('demo', [], demoSettings('demo'));
        await demo.line(/^statuslens stays up: /, PATIENTLY);
        expect(demo.stdout).toMatch(judged);
        expect(await demo.kill('SIGINT')).toEqual({ code: 0, signal: null });
      },
    ],
    [
      /^npm run demo -- --once$/,
      async () => {
        const demo = start('demo', ['--once'], demoSettings('once'));
        expect(await demo.exited).toEqual({ code: 0, signal: null });
        expect(demo.stdout).toMatch(judged);
      },
    ],
    [/^npm start$/, async () => expect(running.stdout).toMatch(/^statuslens runs with the settings of /)],
    [
      // it is what runs this
      /^npm test$/,
      async () => expect(readFileSync('package.json', 'utf8')).toContain('"test": "node setup/test.mjs"'),
    ],
    [
      /^curl /,
      async (command) => {
        const here = command.replace('localhost:8080', ingest).replace('localhost:9477', exporter);
        const page = await shell(here.replace('curl', 'curl --fail --silent --show-error'));
        expect(page).toMatch(
          here.includes('/ingest/') ? /"status":"accepted"/ : /^statuslens_requests_total/m,
        );
      },
    ],
    [
      /^(echo '.*' \| )?npx statuslens /,
      async (command) => {
        expect(await shell(command.replace('npx statuslens', 'node setup/statuslens.mjs'))).not.toBe('');
      },
    ],
  ];

  const DOCKER = /docker compose up$/;

  it.each(commands.filter((command) => !DOCKER.test(command)))(
    'has the command %s, which runs',
    async (command) => {
      const rule = RULES.find(([pattern]) => pattern.test(command));
      if (!rule) throw new Error(`this test does not know how to run: ${command}`);
      await rule[1](command);
    },
    COMMAND_MS,
  );

  it('has docker compose up, the only command that is not run here: test/compose.spec.ts runs its parts', () => {
    expect(commands.filter((command) => DOCKER.test(command))).toEqual([
      'STATUSLENS_TOKEN=$(openssl rand -hex 16) docker compose up',
    ]);
  });

  it('has commands at all', () => expect(commands.length).toBeGreaterThan(10));

  it('has a snippet of statuslens.yaml that loads, with the source that its shippers send to', async () => {
    const answer = await fetch(`${ingest}/ingest/storage-gateway`, { method: 'HEAD' });
    expect(answer.status).toBe(401);
  });

  it('has a snippet for Vector that sends where such lines are taken', async () => {
    const { uri, compression, auth } = snippetWith('sinks')['sinks']!['statuslens' as never] as {
      uri: string;
      compression: string;
      auth: { strategy: string; token: string };
    };
    expect([compression, auth.strategy]).toEqual(['gzip', 'bearer']);
    const answer = await fetch(uri.replace('http://127.0.0.1:8080', ingest), {
      method: 'POST',
      body: gzipSync(`${LINE}\n${LINE}\n`),
      headers: {
        'content-encoding': 'gzip',
        authorization: `Bearer ${auth.token.replace('${STATUSLENS_TOKEN}', TOKEN)}`,
      },
    });
    expect(answer.status).toBe(202);
  });

  it('has a snippet for Fluent Bit that sends where such lines are taken', async () => {
    const [block] = blocksOf('ini');
    const option = (name: string): string => block!.match(new RegExp(`^ +${name} +(.*)$`, 'm'))![1]!;
    expect([option('host'), option('port'), option('compress')]).toEqual(['127.0.0.1', '8080', 'gzip']);
    const [header, ...value] = option('header').replace('${STATUSLENS_TOKEN}', TOKEN).split(' ');
    const answer = await fetch(`${ingest}${option('uri')}`, {
      method: 'POST',
      body: gzipSync(`${JSON.stringify({ date: 1, log: LINE })}\n`),
      headers: { 'content-encoding': 'gzip', [header!]: value.join(' ') },
    });
    expect(answer.status).toBe(202);
  });
});
