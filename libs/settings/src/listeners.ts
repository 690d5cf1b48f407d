import { BlockList, isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import type { CheckedYaml, Mistake } from '#catalogue';
import type { ListenerFile } from './listener-file.js';
import type { ReceiversFile } from './receivers-file.js';
import type { SettingsFile } from './settings-file.js';
import type { Listener, Receivers, Tls } from './settings.js';
import { UnusableTls, readTlsFiles } from './tls-files.js';

/** A listener with its files named from where the settings lie. */
export const listenerOf = ({ tls, ...listen }: ListenerFile, file: string): Listener => ({
  ...listen,
  tls: tlsOf(tls, file),
});

function tlsOf(tls: ListenerFile['tls'], file: string): Tls | undefined {
  if (!tls) return undefined;
  const path = (name: string): string => resolve(dirname(file), name);
  const { cert, key, ca } = tls;
  return { ...tls, cert: path(cert), key: path(key), ca: ca === undefined ? undefined : path(ca) };
}

/** The receivers that the settings name, with their files named from where the settings lie. */
export const receiversOf = (receivers: ReceiversFile, file: string): Receivers =>
  Object.fromEntries(
    Object.entries({ ...receivers, forward: withoutSecrets(receivers.forward) }).map(([name, receiver]) => [
      name,
      receiver && 'tls' in receiver ? { ...receiver, tls: tlsOf(receiver.tls, file) } : receiver,
    ]),
  );

/** Secrets are read, and followed, apart from where it listens. */
const withoutSecrets = (forward: ReceiversFile['forward']) =>
  forward && { ...forward, shared_key: undefined, users: undefined };

/** Whoever listens, with its place in the settings. */
interface Place {
  readonly place: readonly string[];
  readonly host: string;
  readonly tls?: ListenerFile['tls'];
  /** Of protocols that cannot present credentials. */
  readonly allow_anonymous?: boolean;
  /** Of a protocol that has a secret of its own. */
  readonly shared_key?: unknown;
}

function placesOf({ ingest, worker, exporter }: SettingsFile): Place[] {
  return [
    ...Object.entries({ ingest, worker, exporter }).map(([name, { listen }]) => ({
      place: [name, 'listen'],
      ...listen,
    })),
    ...receiverPlaces(ingest),
  ];
}

const receiverPlaces = ({ receivers }: SettingsFile['ingest']): Place[] =>
  Object.entries(receivers).flatMap(([name, receiver]) =>
    receiver ? [{ place: ['ingest', 'receivers', name], ...receiver }] : [],
  );

/** What is wrong with the certificates of the listeners, and who could send without having to say who they are. */
export const listenerMistakes = (file: string, checked: CheckedYaml<SettingsFile>): Mistake[] => [
  ...placesOf(checked.value).flatMap((place) => tlsMistakes(file, checked, place)),
  ...anonymousSenders(file, checked),
];

function tlsMistakes(file: string, { lineOf }: CheckedYaml<SettingsFile>, { place, tls }: Place): Mistake[] {
  const files = tlsOf(tls, file);
  if (!files) return [];
  try {
    readTlsFiles(files);
    return [];
  } catch (error) {
    if (!(error instanceof UnusableTls)) throw error;
    const setting = [...place, 'tls', error.setting];
    return [{ file, line: lineOf(setting), message: `${setting.join('.')}: ${error.message}` }];
  }
}

/** Whoever reaches a port that is open to others could put lines into the counters; that must be meant. */
function anonymousSenders(file: string, { value, lineOf }: CheckedYaml<SettingsFile>): Mistake[] {
  const { ingest, sources } = value;
  const open = [{ place: ['ingest', 'listen'], ...ingest.listen }, ...receiverPlaces(ingest)].filter(
    ({ host, tls, shared_key }: Place) =>
      !isLoopback(host) && shared_key === undefined && !(tls?.ca !== undefined && tls.client === 'require'),
  );
  return open.flatMap(({ place, host, allow_anonymous }: Place) => {
    const setting = place.join('.');
    if (allow_anonymous ?? ingest.allow_anonymous) return [];
    if (allow_anonymous === false)
      return {
        file,
        line: lineOf(place),
        message:
          `${setting} takes lines from anybody who reaches ${host}, since its protocol has no credentials: ` +
          `${tlsAdvice(setting)}set ${setting}.allow_anonymous: true`,
      };
    return Object.entries(sources)
      .filter(([, { auth }]) => auth === undefined)
      .map(([name]) => ({
        file,
        line: lineOf(['sources', name]),
        message:
          `source ${name} takes lines from anybody who reaches ${setting}.host ${host}: give it auth, ` +
          `demand client certificates with ${setting}.tls.ca, or set ingest.allow_anonymous: true`,
      }));
  });
}

const tlsAdvice = (setting: string): string => {
  if (setting.endsWith('_udp')) return '';
  const key = setting.endsWith('.forward') ? `set ${setting}.shared_key, ` : '';
  return `${key}demand client certificates with ${setting}.tls.ca, or `;
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** A name other than localhost may stand for any address. */
function isLoopback(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? host === 'localhost' : loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
