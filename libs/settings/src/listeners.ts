import { BlockList, isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import type { CheckedYaml, Mistake } from '#catalogue';
import type { ListenerFile } from './listener-file.js';
import type { SettingsFile } from './settings-file.js';
import type { Listener } from './settings.js';
import { UnusableTls, readTlsFiles } from './tls-files.js';

const PROCESSES = ['ingest', 'worker', 'exporter'] as const;

/** A listener with its files named from where the settings lie. */
export const listenerOf = ({ tls, ...listen }: ListenerFile, file: string): Listener => {
  if (!tls) return { ...listen, tls };
  const path = (name: string): string => resolve(dirname(file), name);
  const { cert, key, ca } = tls;
  return {
    ...listen,
    tls: { ...tls, cert: path(cert), key: path(key), ca: ca === undefined ? undefined : path(ca) },
  };
};

/** What is wrong with the certificates of the listeners, and who could send without having to say who they are. */
export const listenerMistakes = (file: string, checked: CheckedYaml<SettingsFile>): Mistake[] => [
  ...PROCESSES.flatMap((name) => tlsMistakes(file, checked, name)),
  ...anonymousSenders(file, checked),
];

function tlsMistakes(
  file: string,
  { value, lineOf }: CheckedYaml<SettingsFile>,
  name: (typeof PROCESSES)[number],
): Mistake[] {
  const { tls } = listenerOf(value[name].listen, file);
  if (!tls) return [];
  try {
    readTlsFiles(tls);
    return [];
  } catch (error) {
    if (!(error instanceof UnusableTls)) throw error;
    const setting = [name, 'listen', 'tls', error.setting];
    return [{ file, line: lineOf(setting), message: `${setting.join('.')}: ${error.message}` }];
  }
}

/** Whoever reaches a port that is open to others could put lines into the counters; that must be meant. */
function anonymousSenders(file: string, { value, lineOf }: CheckedYaml<SettingsFile>): Mistake[] {
  const { listen, allow_anonymous } = value.ingest;
  const knowsClients = listen.tls?.ca !== undefined && listen.tls.client === 'require';
  if (allow_anonymous || knowsClients || isLoopback(listen.host)) return [];
  return Object.entries(value.sources)
    .filter(([, { auth }]) => auth === undefined)
    .map(([name]) => ({
      file,
      line: lineOf(['sources', name]),
      message:
        `source ${name} takes lines from anybody who reaches ingest.listen.host ${listen.host}: give it auth, ` +
        'demand client certificates with ingest.listen.tls.ca, or set ingest.allow_anonymous: true',
    }));
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** A name other than localhost may stand for any address. */
function isLoopback(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? host === 'localhost' : loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
