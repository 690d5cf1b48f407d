import type { Child } from '../harness/child.js';
import { until } from '../harness/until.js';
import { FAKE_HEC_SHIPPERS } from './fake-hec-shippers.js';
import { askFirst, ship, type Shipped } from './fake-shipper.js';
import { Page, replaced } from './page.js';
import { startPageScript } from './page-script.js';
import { distinctLines, startTrouble, type Trouble } from './trouble.js';

const LINES = distinctLines(300);
/** More than there is room for, so that each is refused however quick the others are. */
const FAKE_LINES = distinctLines(1000);
const BATCH = 50;
const tokenOf = (source: string): string => `the token of ${source}`.padEnd(36, '.');
const FAKES = Object.entries(FAKE_HEC_SHIPPERS).map(
  ([source, fake]) => [source, fake(tokenOf(source))] as const,
);

/** All of them send at the same time, to sources of their own. */
describe("what speaks to Splunk's collector, while nothing goes well", () => {
  let trouble: Trouble;
  let logging: Child;
  let counted: ReadonlyMap<string, number>;
  const fakes = new Map<string, Shipped>(
    FAKES.map(([name]) => [name, { delivered: 0, dropped: 0, refused: 0 }]),
  );

  beforeAll(async () => {
    const sources = ['logging', ...fakes.keys()];
    trouble = await startTrouble(
      'hec',
      {},
      Object.fromEntries(sources.map((name) => [name, { auth: { bearer: tokenOf(name) } }])),
    );
    await trouble.killRedis();
    logging = startPageScript(
      replaced(new Page('hec.md').block('js'), {
        'http://127.0.0.1:8088': trouble.url,
        'process.env.STORAGE_GATEWAY_TOKEN': JSON.stringify(tokenOf('logging')),
      }),
      `import { readFileSync } from 'node:fs';
       readFileSync(0, 'utf8').trim().split('\\n').forEach(send);`,
      { input: LINES.join('\n') },
    );
    const health = () => fetch(`${trouble.url}/services/collector/health`);
    expect((await health()).status).toBe(503);
    await until(
      'the client of Splunk was refused',
      async () => (await trouble.refused('unavailable', 'logging')) > 1,
    );
    await trouble.restartRedis();
    await until('it is healthy', async () => (await health()).ok);
    // before anybody sends: it is healthy no more once the queue is full
    await Promise.all(FAKES.map(([, fake]) => askFirst(fake, trouble.url)));
    const fakesDone = FAKES.map(([name, fake]) =>
      ship(fake, trouble.url, FAKE_LINES, BATCH, fakes.get(name)!),
    );
    await until('everybody was refused', async () => {
      for (const name of fakes.keys())
        if ((await trouble.refused('overloaded', name)) < 2) throw new Error(`all but ${name}`);
      return true;
    });
    await trouble.startCounting();
    await Promise.all(fakesDone);
    counted = await until(
      'the client of Splunk has sent all',
      async () => [await trouble.counted()].find((lines) => lines.get('logging')! >= LINES.length),
      { timeoutMs: 20_000 },
    );
  }, 60_000);

  afterAll(async () => {
    await logging.kill();
    await trouble.stop();
  });

  it('splunk-logging, as on its page: N of N', () => {
    expect(logging.output).toBe('');
    expect(counted.get('logging')).toBe(LINES.length);
  });

  it.each(FAKES.map(([name, fake]) => [fake.name, name]))('a fake of %s: N of N', (_, name) => {
    const { refused, ...shipped } = fakes.get(name)!;
    expect(shipped).toEqual({ delivered: FAKE_LINES.length, dropped: 0 });
    expect(refused).toBeGreaterThan(1);
    expect(counted.get(name)).toBe(FAKE_LINES.length);
  });
});
