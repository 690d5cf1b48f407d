import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { statuslens } from '../../../../test/harness/command-line.js';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'statuslens-dashboards-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (file: string): Dashboard => JSON.parse(readFileSync(file, 'utf8')) as Dashboard;

describe('statuslens dashboards', () => {
  it('writes what is committed, from the shipped settings', async () => {
    const there = join(folder, 'new', 'folder');
    const { code, stdout, stderr } = await statuslens(['dashboards', there]);
    expect([code, stderr]).toEqual([0, '']);
    const files = readdirSync(there).map((name) => join(there, name));
    expect(stdout.trimEnd().split('\n').sort()).toEqual(files.sort());
    const committed = 'deploy/grafana/provisioning/dashboards/statuslens';
    for (const name of readdirSync(committed))
      expect(read(join(there, name))).toEqual(read(join(committed, name)));
  });

  it('follows settings, the address of the exporter and the labels of Prometheus', async () => {
    const config = join(folder, 'statuslens.yaml');
    const logs = 'https://loki.example/{vendor}/{from}';
    writeFileSync(config, JSON.stringify({ sources: { edge: { links: { logs } } } }));
    const options = ['--config', config, '--exporter', 'https://statuslens.example/', '--labels', 'cluster'];
    expect((await statuslens(['dashboards', folder, ...options])).code).toBe(0);
    const { links, templating } = read(join(folder, 'vendor.json'));
    expect(links![1]).toMatchObject({
      title: 'Logs of edge',
      url: 'https://loki.example/${vendor:pipe}/${__from}',
    });
    expect(templating.list!.map(({ name }) => name)).toContain('cluster');
    const text = readFileSync(join(folder, 'vendor.json'), 'utf8');
    expect(text).toContain('https://statuslens.example/explain/${__data.fields.vendor}/');
  });

  it.each([
    [[], 'no folder given'],
    [['a', 'b'], 'unexpected argument "b"'],
    [['a', '--exporter', 'statuslens.example'], '--exporter must begin with http:// or https://'],
    [['a', '--labels', 'a-b'], '--labels: "a-b" is not the name of a label'],
    [[join('package.json', 'x')], 'cannot write there'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await statuslens(['dashboards', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
