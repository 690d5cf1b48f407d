import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram, type Child } from './child.js';
import { freePort } from './free-port.js';
import { testProgram } from './programs.js';
import { until } from './until.js';

interface Notice {
  readonly receiver: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Takes what Alertmanager tells its receivers. */
export class Receivers {
  readonly notices: Notice[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const { alerts } = JSON.parse(body) as { alerts: Omit<Notice, 'receiver'>[] };
        this.notices.push(...alerts.map((alert) => ({ ...alert, receiver: request.url!.slice(1) })));
        response.end();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  told(alert: string, source: string, status: string): Notice | undefined {
    return this.notices.find(
      ({ labels, status: seen }) =>
        labels['alertname'] === alert && labels['source'] === source && seen === status,
    );
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

export interface RunningAlertmanager {
  readonly url: string;
  readonly program: Child;
}

/** With the routes and inhibitions of the example, receivers of the test, and waits of a second or two. */
export async function startAlertmanager(receivers: string): Promise<RunningAlertmanager> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const folder = mkdtempSync(join(tmpdir(), 'statuslens-alerts-'));
  const file = join(folder, 'alertmanager.yml');
  const example = readFileSync('deploy/alertmanager/alertmanager.yml', 'utf8')
    .replaceAll('http://alerts.example', receivers)
    .replace(/group_wait: \w+/g, 'group_wait: 2s')
    .replace(/group_interval: \w+/g, 'group_interval: 1s');
  writeFileSync(file, example);
  const program = startProgram(await testProgram('alertmanager'), [
    `--config.file=${file}`,
    `--storage.path=${join(folder, 'alertmanager')}`,
    `--web.listen-address=${new URL(url).host}`,
    '--cluster.listen-address=',
  ]);
  await until('Alertmanager is ready', async () => (await fetch(`${url}/-/ready`)).ok);
  return { url, program };
}
