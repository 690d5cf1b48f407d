import { appendFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { startRedis } from '../harness/redis.js';
import { startStatuslens, total, type RunningStatuslens } from '../harness/statuslens.js';
import type { Gateway } from '../gateways/gateway.js';
import { accessLines, codesOf, pathsOf } from './access-lines.js';
import type { PageSettings } from './page.js';
import { ShipperFolder } from './shipper-program.js';

/** Lines that each shipper sends. */
const LINES = 1000;
const SOURCE = 'source="storage-gateway"';

/** Ends what was started. */
type Stop = () => Promise<unknown>;

/** Starts a shipper that sends `log`. */
type Send = (statuslens: RunningStatuslens, folder: ShipperFolder, log: string) => Promise<Stop>;

/**
 * Runs statuslens with the settings of a page until as many lines are counted as were sent; each exactly once.
 * @param times how often the log is sent
 * @param atOnce so many lines are written to the log, the next when they are counted: the system keeps few datagrams
 */
export async function countedOnce(
  settings: PageSettings,
  send: Send,
  { times = 1, atOnce = LINES } = {},
): Promise<void> {
  await running(settings, async (statuslens, folder) => {
    const log = folder.write('storage.json', textOf(accessLines(atOnce)));
    const stop = await send(statuslens, folder, log);
    try {
      for (let sent = atOnce; sent < LINES; sent += atOnce) {
        await statuslens.counted(sent * times);
        appendFileSync(log, textOf(accessLines(atOnce, sent)));
      }
      await statuslens.counted(LINES * times);
    } finally {
      await stop();
    }
    await expectCounted(statuslens, LINES, times);
    expect(await droppedLines(statuslens)).toEqual([]);
  });
}

/** The same of a gateway that logs what it is asked for. */
export const loggedOnce = (
  settings: PageSettings,
  start: (statuslens: RunningStatuslens, folder: ShipperFolder) => Promise<Gateway>,
): Promise<void> =>
  countedOnce(settings, async (statuslens, folder) => {
    const gateway = await start(statuslens, folder);
    await requests(gateway.port, pathsOf(LINES));
    return () => gateway.stop();
  });

/** Statuslens with settings, and a folder, for as long as it takes. */
async function running(
  settings: PageSettings,
  use: (statuslens: RunningStatuslens, folder: ShipperFolder) => Promise<void>,
): Promise<void> {
  const redis = await startRedis();
  const statuslens = await startStatuslens(redis.url, settings);
  const folder = await ShipperFolder.create();
  try {
    await use(statuslens, folder);
  } finally {
    await statuslens.stop();
    await folder.remove();
    await redis.stop();
  }
}

/** Each of {@link accessLines} once, and nothing else. */
export async function expectCounted(statuslens: RunningStatuslens, lines: number, times = 1): Promise<void> {
  const metrics = await statuslens.metrics();
  const codes = Object.keys(codesOf(lines)).map((code) => [
    code,
    total(metrics, 'statuslens_requests_total', SOURCE, `code="${code}"`) / times,
  ]);
  expect(Object.fromEntries(codes)).toEqual(codesOf(lines));
  expect(total(metrics, 'statuslens_lines_total', SOURCE, 'outcome="classified"')).toBe(lines * times);
  expect(total(metrics, 'statuslens_lines_total')).toBe(lines * times);
}

/** What ingest says it dropped, as its page has it. */
export async function droppedLines({ ingest }: RunningStatuslens): Promise<string[]> {
  const page = await (await fetch(`${ingest}/metrics`)).text();
  return page.split('\n').filter((line) => /^statuslens_ingest_dropped_lines_total\{.* [^0]/.test(line));
}

export const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const AT_ONCE = 20;

async function requests(port: number, paths: readonly string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  await Promise.all(
    paths.map(
      (path) =>
        new Promise((resolve, reject) => {
          get({ port, path, agent, host: '127.0.0.1' }, (answer) => answer.resume().on('end', resolve)).on(
            'error',
            reject,
          );
        }),
    ),
  );
  agent.destroy();
}
