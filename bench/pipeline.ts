import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { ledgerField } from '#metric-names';
import { Keys, connectPatiently } from '#redis';
import { processUsage, type ProcessUsage } from '../test/harness/process-usage.js';
import { startScript, type Child } from '../test/harness/child.js';
import { imageEnvironment } from '../test/harness/dockerfile.js';
import { startRedis, type RunningRedis } from '../test/harness/redis.js';
import { writeSettings } from '../test/harness/settings.js';

export interface PipelineOptions {
  readonly sources: object;
  readonly appendfsync: 'always' | 'everysec';
  readonly workers?: number;
  /** Merged into the settings of all processes. */
  readonly settings?: { readonly sources?: object; readonly [setting: string]: unknown };
}

/** How bodies are sent. */
export type Encoding = 'gzip' | 'raw';

/** A start-up is not what is measured. */
const PATIENT = { timeoutMs: 60_000 };
const LONGEST_MS = 600_000;
const LOOK_MS = 20;
const AGAIN = new Set([429, 503]);
const AGAIN_MS = 100;

/**
 * statuslens as its users run it: ingest, workers and an exporter as processes with the variables of the image, and a Redis
 * with its append-only file.
 */
export class Pipeline {
  private constructor(
    readonly redis: RunningRedis,
    private readonly children: ReadonlyMap<string, Child>,
    readonly ingest: string,
    private readonly metricsUrl: string,
    private readonly agent: Agent,
    private readonly client: Redis,
  ) {}

  static async start({
    sources,
    appendfsync,
    workers = 1,
    settings = {},
  }: PipelineOptions): Promise<Pipeline> {
    const redis = await startRedis({ appendonly: true, appendfsync, args: AOF_ARGS });
    const config = writeSettings(redis.url, { sources, ...settings });
    const roles = ['exporter', 'ingest', ...Array.from({ length: workers }, (_, i) => `worker-${i + 1}`)];
    const children = new Map(
      roles.map((role) => [
        role,
        startScript(`dist/apps/${role.split('-')[0]}/src/main.js`, [], {
          env: { ...imageEnvironment(), STATUSLENS_CONFIG: config },
        }),
      ]),
    );
    for (const [role, child] of children) if (role.startsWith('worker')) await child.line(/readyz/, PATIENT);
    const [, ingest] = await children.get('ingest')!.line(/(http:\S+?)\/ingest/, PATIENT);
    const [, exporter] = await children.get('exporter')!.line(/(http:\S+?)\/metrics/, PATIENT);
    const agent = new Agent({ keepAlive: true, maxSockets: 64 });
    const client = connectPatiently({ url: redis.url });
    return new Pipeline(redis, children, ingest!, `${exporter}/metrics`, agent, client);
  }

  /** Resolves when the body is stored safely: what is refused because there is too much is sent again, as shippers do. */
  async send(source: string, body: Buffer, encoding: Encoding): Promise<void> {
    for (;;) {
      const status = await this.post(source, body, encoding);
      if (status === 202) return;
      if (!AGAIN.has(status)) throw new Error(`ingest answered ${status}`);
      await pause(AGAIN_MS);
    }
  }

  private post(source: string, body: Buffer, encoding: Encoding): Promise<number> {
    const headers = encoding === 'gzip' ? { 'content-encoding': 'gzip' } : {};
    const url = `${this.ingest}/ingest/${source}`;
    return new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent: this.agent, headers }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode!));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async page(): Promise<string> {
    const answer = await fetch(this.metricsUrl);
    const page = await answer.text();
    if (!answer.ok) throw new Error(`the exporter answered ${answer.status}: ${page}`);
    return page;
  }

  /** Lines of a source that /metrics shows. */
  async visible(source: string): Promise<number> {
    return linesOn(await this.page(), source);
  }

  /** Asks the ledger first: to scrape all the time, as nobody does, would cost the same processors. */
  async untilVisible(source: string, lines: number): Promise<void> {
    const field = ledgerField('lines', source, 'classified');
    const isDone = async (): Promise<boolean> =>
      Number(await this.client.hget(new Keys().ledger, field)) >= lines &&
      (await this.visible(source)) >= lines;
    for (const end = performance.now() + LONGEST_MS; !(await isDone()); await pause(LOOK_MS))
      if (performance.now() > end) throw new Error(`${lines} lines of ${source} are not on /metrics`);
  }

  /** By the name of the process. */
  usage(): Map<string, ProcessUsage> {
    const pids = [
      ['redis', this.redis.pid] as const,
      ...[...this.children].map(([role, { pid }]) => [role, pid] as const),
    ];
    return new Map(pids.map(([role, pid]) => [role, processUsage(pid)!]));
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    this.client.disconnect();
    await Promise.all([...this.children.values()].map((child) => child.kill('SIGTERM')));
    await this.redis.stop();
  }
}

/** As docs/redis.md has it: payloads pass through the file, so it grows quickly and is worth rewriting late. */
const AOF_ARGS = ['--auto-aof-rewrite-min-size', '1gb'];

/** @returns the lines of a source that were classified, on a page in Prometheus text */
export function linesOn(page: string, source: string): number {
  const sample = `statuslens_lines_total{source="${source}",outcome="classified"} `;
  const at = page.indexOf(sample);
  return at < 0 ? 0 : Number(page.slice(at + sample.length, page.indexOf('\n', at)));
}
