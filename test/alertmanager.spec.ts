import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { RESPONSIBLE } from '#catalogue';
import type { TOLD } from '#monitoring';
import { ALERTS } from '#monitoring';
import { loadSettings } from '#settings';
import { startProgram } from './harness/child.js';
import { describeWith, testProgram } from './harness/programs.js';

const FILE = 'deploy/alertmanager/alertmanager.yml';

interface Matching {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
}
const { receivers, inhibit_rules } = parse(readFileSync(FILE, 'utf8')) as {
  receivers: readonly { readonly name: string }[];
  inhibit_rules: readonly Matching[];
};

/** Who is told by whom: the values of `responsible` and the receivers of deploy/alertmanager/alertmanager.yml. */
const RECEIVER_OF: Readonly<Record<keyof typeof TOLD, string>> = {
  client: 'callers',
  client_or_service: 'callers',
  service: 'storage-team',
  device: 'storage-team',
  service_or_device: 'storage-team',
  unknown: 'storage-team',
  gateway: 'gateway-team',
  platform: 'platform-team',
  statuslens: 'statuslens-team',
  nobody: 'nobody',
};

await describeWith(['amtool'], 'the Alertmanager example', () => {
  const amtool = async (...args: string[]): Promise<string> => {
    const child = startProgram(await testProgram('amtool'), args);
    const { code } = await child.exited;
    if (code !== 0) throw new Error(child.output);
    return child.stdout;
  };
  const receiverOf = async (...labels: string[]): Promise<string> =>
    (await amtool('config', 'routes', 'test', `--config.file=${FILE}`, ...labels)).trim();

  it('is valid', async () => {
    expect(await amtool('check-config', FILE)).toContain('SUCCESS');
  });

  it('knows who is told of everything that the catalogue can emit', () => {
    expect(Object.keys(RECEIVER_OF)).toEqual(expect.arrayContaining(Object.keys(RESPONSIBLE)));
    expect(receivers.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.values(RECEIVER_OF)));
  });

  it.each(Object.entries(RECEIVER_OF))('sends what is for %s to %s', async (responsible, receiver) => {
    for (const severity of ['page', 'ticket'])
      expect(await receiverOf(`responsible=${responsible}`, `severity=${severity}`)).toBe(receiver);
  });

  it('sends a team what its sources carry its name for', async () => {
    expect(await receiverOf('responsible=device', 'team=array-operations')).toBe('array-operations');
    expect(await receiverOf('responsible=gateway', 'team=array-operations')).toBe('gateway-team');
  });

  it('sends the owner of a consumer what that does', async () => {
    const [alert, severity] = ['alertname=ForbiddenRetries', 'severity=ticket'];
    expect(await receiverOf(alert, 'responsible=client', severity, 'consumer=csi')).toBe('csi-owner');
    expect(await receiverOf(alert, 'responsible=client', severity, 'consumer=backup')).toBe('callers');
  });

  it('tells both sides of writes that may be there twice', async () => {
    const labels = ['alertname=UnknownWritesRepeated', 'responsible=client_or_service', 'severity=ticket'];
    expect(await receiverOf(...labels)).toBe('storage-team,callers');
  });

  it('has maintenance stand in for pages of those verdicts that documents give to 503', () => {
    const { catalogue } = loadSettings('statuslens.yaml', {});
    const verdicts = new Set<string>();
    for (let cell = 0; cell < catalogue.cellCount; cell++)
      if (Number(catalogue.code(cell)) === 503 && catalogue.judgement(cell).origin !== 'gateway')
        verdicts.add(catalogue.judgement(cell).verdict);
    const { target_matchers } = inhibit_rules.find(({ source_matchers }) =>
      source_matchers.some((matcher) => matcher.includes('MaintenanceExplainsFailures')),
    )!;
    const [, matched] = target_matchers.map((matcher) => /^verdict=~"\|(.*)"$/.exec(matcher)?.[1]);
    expect(matched!.split('|').sort()).toEqual([...verdicts].sort());
  });

  it('keeps the watchdog apart and infos quiet', async () => {
    expect(await receiverOf('alertname=Watchdog', 'responsible=statuslens')).toBe('dead-mans-switch');
    expect(await receiverOf('alertname=RetryAfterMissing', 'severity=info')).toBe('nobody');
  });

  it('inhibits by alerts that exist', () => {
    const named = inhibit_rules
      .flatMap(({ source_matchers, target_matchers }) => [...source_matchers, ...target_matchers])
      .flatMap((matcher) => /^alertname=~?"([^"]+)"$/.exec(matcher)?.[1]?.split('|') ?? []);
    expect(named.length).toBeGreaterThan(0);
    expect(ALERTS.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
  });
});
