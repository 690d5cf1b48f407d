import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveSettings } from '#settings';
import type { RunningRedis } from './harness/redis.js';
import { replicationOf, startMaster, startReplica } from './harness/replicated-redis.js';
import { MASTER_NAME, startSentinels, type RunningSentinels } from './harness/sentinel.js';
import { writeSettings } from './harness/settings.js';
import { startApps, total, type RunningStatuslens } from './harness/statuslens.js';
import { until } from './harness/until.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"\n';
const SENDERS = 4;
/** More than one from each sender. */
const MUCH = 50;
const BUSY_MACHINE = { timeoutMs: 40_000 };

describe('a master that sentinels watch, and its replica', () => {
  let master: RunningRedis;
  let replica: RunningRedis;
  let sentinels: RunningSentinels;
  let running: RunningStatuslens;

  async function start(count: number, redis: object): Promise<void> {
    master = await startMaster();
    replica = await startReplica(master);
    sentinels = await startSentinels(count, master.port, 1);
    const file = writeSettings('', {
      redis: { sentinels: sentinels.addresses, name: MASTER_NAME, ...redis },
      exporter: { listen: { port: 0 }, state: mkdtempSync(join(tmpdir(), 'statuslens-state-')) },
      sources: { default: { format: 'combined' } },
    });
    const settings = new LiveSettings(file, {});
    running = await startApps({ ingest: settings, worker: settings, exporter: settings });
  }
  afterEach(async () => {
    await running.stop();
    await sentinels.stop();
    await master.kill(); // it may be stopped, and would not hear another signal
    await Promise.all([master.stop(), replica.stop()]);
  });

  const send = (key: string): Promise<number> =>
    running.send('default', LINE, { 'idempotency-key': key }).then(({ status }) => status);

  const committed = async (): Promise<number> =>
    total(await running.metrics(), 'statuslens_batches_total', 'committed');

  const failedOver = (): Promise<boolean> =>
    until('the replica is the master', async () => (await sentinels.master()) === replica.port, BUSY_MACHINE);

  const everybodyIsReady = () =>
    until(
      'all three are ready again',
      async () => {
        const apps = [running.ingest, running.worker, running.exporter];
        return (await Promise.all(apps.map((app) => fetch(`${app}/readyz`)))).every(({ ok }) => ok);
      },
      BUSY_MACHINE,
    );

  it('dies: nothing that a replica had to have is lost or counted twice, and no counter goes back', async () => {
    await start(3, { replicas: 1 });
    const acknowledged = new Set<string>();
    const shown: number[] = [];
    let ending = false;
    let refused = 0;
    const sender = async (name: number): Promise<void> => {
      for (let i = 0; !ending; i++) {
        const key = `${name}-${i}`;
        while ((await send(key)) !== 202) refused++;
        acknowledged.add(key);
      }
    };
    const scraper = async (): Promise<void> => {
      while (!ending) {
        const page = await running.metrics().catch(() => undefined);
        if (page) shown.push(total(page, 'statuslens_lines_total', 'classified'));
      }
    };
    const work = Promise.all([scraper(), ...Array.from({ length: SENDERS }, (_, name) => sender(name))]);
    await until('much is acknowledged', () => acknowledged.size > MUCH, BUSY_MACHINE);
    await master.kill();
    const before = acknowledged.size;
    await failedOver();
    // the only replica is the master now: until another one is there, nobody may be told 202
    expect(await send('alone')).toBe(503);
    master = await startReplica(replica, { port: master.port, dir: master.dir });
    await until('more is acknowledged', () => acknowledged.size > before + MUCH, BUSY_MACHINE);
    ending = true;
    await work;
    await until('the lone one is acknowledged', async () => (await send('alone')) === 202);
    await everybodyIsReady();
    expect(refused).toBeGreaterThan(0);
    const all = acknowledged.size + 1;
    await until('all are counted', async () => (await committed()) >= all, BUSY_MACHINE);
    const page = await running.metrics();
    expect(total(page, 'statuslens_requests_total')).toBe(all);
    expect(total(page, 'statuslens_batches_total', 'dead')).toBe(0);
    shown.forEach((lines, i) => expect(lines).toBeGreaterThanOrEqual(shown[i - 1] ?? 0));
  }, 120_000);

  it('hangs: all three leave it for the new one, and go on', async () => {
    await start(1, {});
    expect(await send('before')).toBe(202);
    await until('it is counted', async () => (await committed()) === 1);
    await until('the replica has all', async () => {
      const offsets = (await replicationOf(master)).match(/(?<=master_repl_offset:|offset=)\d+/g)!;
      return new Set(offsets).size === 1;
    });
    process.kill(master.pid, 'SIGSTOP');
    await failedOver();
    await everybodyIsReady();
    expect(await send('before')).toBe(202);
    expect(await send('after')).toBe(202);
    await until('it is counted', async () => (await committed()) === 2);
  }, 120_000);
});
