import { Client } from '@elastic/elasticsearch';
import { describeWith } from '../harness/programs.js';
import { until } from '../harness/until.js';
import type { Child } from '../harness/child.js';
import { FAKE_ELASTICSEARCH_SHIPPERS } from './fake-elasticsearch-shippers.js';
import { askFirst, ship, type Shipped } from './fake-shipper.js';
import { Page, replaced } from './page.js';
import { startPageScript } from './page-script.js';
import { startRsyslog, type RunningRsyslog } from './rsyslog.js';
import { distinctLines, startTrouble, type Trouble } from './trouble.js';

const LINES = distinctLines(300);
const BATCH = 50;
const NODE = 'http://127.0.0.1:9200';
const INDEX = 'storage-gateway';
const FAKES = Object.entries(FAKE_ELASTICSEARCH_SHIPPERS);

/** All of them send at the same time, to sources of their own. */
await describeWith(['rsyslog-elasticsearch'], 'what speaks to Elasticsearch, while nothing goes well', () => {
  let trouble: Trouble;
  let rsyslog: RunningRsyslog | undefined;
  let helperAsOnPage: Child | undefined;
  let counted: ReadonlyMap<string, number>;
  const fakes = new Map<string, Shipped>(
    FAKES.map(([name]) => [name, { delivered: 0, dropped: 0, refused: 0 }]),
  );
  const helper = pausingSender();

  beforeAll(async () => {
    const sources = ['rsyslog', 'helper', 'page', ...fakes.keys()];
    trouble = await startTrouble(
      'elasticsearch',
      {
        'filebeat-*': 'filebeat',
        'logstash-*': 'logstash',
        'vector-*': 'vector',
        'fluent-bit': 'fluentbit',
      },
      Object.fromEntries(sources.map((name) => [name, {}])),
    );
    const helperDone = sendWithHelper();
    await until('the helper has sent something', () => helper.told > 0);
    rsyslog = await startRsyslog(
      (log) =>
        replaced(new Page('rsyslog-elasticsearch.md').block('rsyslog'), {
          '/var/log/nginx/storage.log': log,
          'serverport="9200"': `serverport="${new URL(trouble.url).port}"`,
          [INDEX]: 'rsyslog',
          'queue.maxDiskSpace="1g"': `queue.maxDiskSpace="1g" queue.dequeueBatchSize="${BATCH}"`,
          'resumeIntervalMax="30"': 'resumeIntervalMax="1"',
        }),
      LINES,
    );
    helperAsOnPage = startPageScript(
      replaced(new Page('elasticsearch.md').block('js'), {
        [NODE]: trouble.url,
        [INDEX]: 'page',
        '65_536': '4096',
      }),
      `import { readFileSync } from 'node:fs';
       const lines = readFileSync(0, 'utf8').trim().split('\\n');
       await ship(lines.map((message, i) => ({ id: String(i), message })));`,
      { input: LINES.join('\n') },
    );
    // these give their lines ids, so Redis may die while it stores them
    await until(
      'both send',
      async () => (await trouble.accepted('rsyslog')) > 0 && (await trouble.accepted('page')) > 0,
    );
    await trouble.killRedis();
    helper.goOn();
    await Promise.all(FAKES.map(([, fake]) => askFirst(fake, trouble.url)));
    const fakesDone = FAKES.map(([name, fake]) => ship(fake, trouble.url, LINES, BATCH, fakes.get(name)!));
    const isRefused = {
      rsyslog: () => rsyslog!.child.output.includes('suspending'),
      page: () => helperAsOnPage!.output.includes('once more'),
      ...Object.fromEntries([...fakes].map(([name, shipped]) => [name, () => shipped.refused > 0])),
    };
    await until('everybody was refused', () => {
      const spared = Object.entries(isRefused).filter(([, isIt]) => !isIt());
      if (spared.length > 0) throw new Error(`all but ${spared.map(([name]) => name).join(', ')}`);
      return true;
    });
    await trouble.restartRedis();
    await until(
      'there is no room',
      async () => helper.error !== '' && (await trouble.refused('overloaded')) > 20,
    );
    await trouble.startCounting();
    await Promise.all([...fakesDone, helperDone, helperAsOnPage.exited]);
    counted = await until(
      'rsyslog has sent all',
      async () => [await trouble.counted()].find((lines) => lines.get('rsyslog')! >= LINES.length),
      { timeoutMs: 20_000 },
    );
  }, 60_000);

  afterAll(async () => {
    await rsyslog?.stop();
    await helperAsOnPage?.kill();
    await trouble.stop();
  });

  /** As it comes: it gives up after its tries. */
  async function sendWithHelper(): Promise<void> {
    const client = new Client({ node: trouble.url, compression: true });
    const sending = client.helpers.bulk({
      datasource: helper.documents(),
      concurrency: 1,
      flushBytes: 4096,
      onDocument: () => ({ create: { _index: 'helper' } }),
      onSuccess: () => void helper.told++,
    });
    await sending.catch((error: Error) => (helper.error = error.name));
    await client.close();
  }

  it('rsyslog with omelasticsearch, as on its page: N of N', () => {
    expect(counted.get('rsyslog')).toBe(LINES.length);
  });

  it('@elastic/elasticsearch as on its page, with ids: N of N', async () => {
    expect(await helperAsOnPage!.exited).toEqual({ code: 0, signal: null });
    expect(counted.get('page')).toBe(LINES.length);
  });

  it('the bulk helper of @elastic/elasticsearch as it comes: gives up, and what it says it sent is counted', () => {
    expect(helper.error).toBe('ResponseError');
    expect(helper.told).toBeLessThan(LINES.length);
    expect(counted.get('helper')).toBe(helper.told);
  });

  it.each(FAKES.map(([name, fake]) => [fake.name, name]))('a fake of %s: N of N', (_, name) => {
    const { refused, ...shipped } = fakes.get(name)!;
    expect(shipped).toEqual({ delivered: LINES.length, dropped: 0 });
    expect(refused).toBeGreaterThan(1);
    expect(counted.get(name)).toBe(LINES.length);
  });
});

/** Has its lines sent in two halves. */
function pausingSender() {
  let goOn = (): void => {};
  const half = new Promise<void>((resolve) => (goOn = resolve));
  return {
    told: 0,
    error: '',
    goOn,
    async *documents(): AsyncGenerator<{ message: string }> {
      for (const [i, message] of LINES.entries()) {
        if (i === LINES.length / 2) await half;
        yield { message };
      }
    },
  };
}
