import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkYaml, type Catalogue, type CheckedYaml, type Mistake, type VendorFile } from '#catalogue';
import type { RedisAccess } from '#redis';
import { readForwardSecrets } from './forward-secrets.js';
import { ignoreOf } from './ignore.js';
import { readCredentials } from './credentials.js';
import { KnownFiles } from './known-files.js';
import type { AuthFile } from './listener-file.js';
import { listenerMistakes, listenerOf, receiversOf } from './listeners.js';
import { objectivesOf } from './monitoring-file.js';
import { privacyKeyOf } from './privacy-key.js';
import { readRedis } from './redis-access.js';
import { readSecret, type Environment, type Surroundings } from './secret.js';
import { SourceNames } from './source-names.js';
import { settingsSchema, type SettingsFile, type SourceFile } from './settings-file.js';
import type { Credentials, Settings, Source } from './settings.js';

/** The vendor files that come with statuslens; dist/ lies beside libs/. */
const SHIPPED_VENDORS = fileURLToPath(new URL('../../../../libs/catalogue/vendors/', import.meta.url));

export type { Environment };

/** The settings cannot be used; the message lists every mistake with file and line. */
export class InvalidSettings extends Error {
  constructor(readonly mistakes: readonly Mistake[]) {
    super(mistakes.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'));
    this.name = 'InvalidSettings';
  }
}

/**
 * Reads the settings and the vendor files they name.
 * @param file path of statuslens.yaml
 * @param known what was read before, if it is read again
 * @throws InvalidSettings with every mistake at once
 */
export function loadSettings(file: string, environment: Environment, known = new KnownFiles()): Settings {
  const text = known.text(file);
  if (text instanceof Error) throw new InvalidSettings([{ file, line: 1, message: text.message }]);
  const checked = checkYaml(settingsSchema, file, text);
  if (Array.isArray(checked)) throw new InvalidSettings(checked);
  const vendors = loadVendors(file, checked, known);
  const names = new Set(['auto', ...vendors.files.map(({ vendor }) => vendor)]);
  const surroundings = { folder: dirname(file), environment, files: known };
  const redis = readRedis(file, checked, surroundings);
  const auth = readAuth(file, checked, surroundings);
  const forward = readForwardSecrets(file, checked, surroundings);
  const { key } = checked.value.privacy;
  const privacyKey = privacyKeyOf(file, checked, key === undefined ? key : readSecret(key, surroundings));
  const mistakes = [
    ...vendors.mistakes,
    ...unknownVendors(file, checked, names),
    ...namesOfNobody(file, checked),
    ...linesForNobody(file, checked),
    ...redis.mistakes,
    ...bodiesWithoutRoom(file, checked),
    ...auth.mistakes,
    ...forward.mistakes,
    ...listenerMistakes(file, checked),
    ...(Array.isArray(privacyKey) ? privacyKey : []),
  ];
  if (mistakes.length > 0 || Array.isArray(privacyKey)) throw new InvalidSettings(mistakes);
  const assembled = assemble(file, checked.value, redis.access, known.catalogue(vendors.files), auth);
  return Object.freeze({ ...assembled, privacyKey, forwardSecrets: forward.secrets });
}

function assemble(
  file: string,
  value: SettingsFile,
  access: RedisAccess | undefined,
  catalogue: Catalogue,
  { credentialsOf, warnings }: Auth,
): Omit<Settings, 'privacyKey' | 'forwardSecrets'> {
  const { replicas, appendfsync, data } = value.redis;
  const listening = <K extends 'ingest' | 'worker' | 'exporter'>(name: K) => {
    const { listen, auth, ...rest } = value[name];
    return { ...rest, listen: listenerOf(listen, file), credentials: auth && credentialsOf(name) };
  };
  return {
    file,
    redis: { access, replicas, appendfsync, data },
    ingest: {
      ...listening('ingest'),
      receivers: receiversOf(value.ingest.receivers, file),
      names: new SourceNames(value.ingest.names),
    },
    worker: listening('worker'),
    exporter: { ...listening('exporter'), state: resolve(dirname(file), stateFolder(value)) },
    claims: { ttlMs: value.claims.ttl, maxBytes: value.claims.max_bytes },
    dead: { maxAgeMs: value.dead.max_age, maxBytes: value.dead.max_bytes },
    conduct: conductOf(value.conduct),
    lateAfterMs: value.late_after,
    shutdown: value.shutdown,
    objectives: objectivesOf(value.monitoring),
    catalogue,
    sources: new Map(
      Object.entries(value.sources).map(([name, source]) => [
        name,
        sourceOf(name, source, credentialsOf('sources', name)),
      ]),
    ),
    warnings,
  };
}

const conductOf = (file: SettingsFile['conduct']): Settings['conduct'] => ({
  enabled: file.enabled,
  retryWindowMs: file.retry_window,
  jobWithinMs: file.job_wait,
  pollIntervalMs: file.poll_interval,
  maintenanceCallers: file.maintenance_callers,
  maxOperations: file.max_operations,
  maxBytes: file.max_bytes,
});

interface Auth {
  readonly credentialsOf: (...place: readonly string[]) => Credentials | undefined;
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Mistake[];
}

/** Every `auth:` of the settings. */
function readAuth(
  file: string,
  { value, lineOf }: CheckedYaml<SettingsFile>,
  surroundings: Surroundings,
): Auth {
  const places: (readonly [place: readonly string[], who: string, auth: AuthFile | undefined])[] = [
    ...(['ingest', 'worker', 'exporter'] as const).map((name) => [[name], name, value[name].auth] as const),
    ...Object.entries(value.sources).map(
      ([name, { auth }]) => [['sources', name], `source ${name}`, auth] as const,
    ),
  ];
  const credentials = new Map<string, Credentials | undefined>();
  const mistakes: Mistake[] = [];
  const warnings: Mistake[] = [];
  for (const [place, who, auth] of places) {
    const read = readCredentials(auth, surroundings);
    credentials.set(place.join(' '), read.credentials);
    const told = (message: string): Mistake => ({
      file,
      line: lineOf([...place, 'auth']),
      message: `${who}: ${message}`,
    });
    mistakes.push(...read.mistakes.map(told));
    warnings.push(...read.warnings.map(told));
  }
  return { credentialsOf: (...place) => credentials.get(place.join(' ')), mistakes, warnings };
}

const stateFolder = ({ exporter, redis }: SettingsFile): string =>
  exporter.state ?? join(redis.data, 'exporter');

/** The shipped vendor files, for tools that need no settings. @throws InvalidSettings if one is broken */
export const shippedVendors = (known = new KnownFiles()): VendorFile[] => vendorsIn(SHIPPED_VENDORS, known);

/** The vendor files of a folder, by name. @throws InvalidSettings if one is broken */
function vendorsIn(folder: string, known = new KnownFiles()): VendorFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const { files, mistakes } = readVendors(
    names.sort().map((name) => join(folder, name)),
    known,
  );
  if (names.length === 0) mistakes.push({ file: folder, line: 1, message: 'has no vendor file (*.yaml)' });
  if (mistakes.length > 0) throw new InvalidSettings(mistakes);
  return files;
}

/** A vendor file, or those of a folder. @throws InvalidSettings if there is none, or one is broken */
export function vendorsAt(path: string): VendorFile[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return vendorsIn(path);
  const read = new KnownFiles().vendor(path);
  if (Array.isArray(read)) throw new InvalidSettings(read);
  return [read];
}

function loadVendors(file: string, { value, lineOf }: CheckedYaml<SettingsFile>, known: KnownFiles) {
  const shipped = shippedVendors(known);
  const own = readVendors(
    value.vendors.map((name) => resolve(dirname(file), name)),
    known,
  );
  const files = [...shipped];
  const mistakes = [...own.mistakes];
  for (const vendor of own.files)
    if (files.some((known) => known.vendor === vendor.vendor))
      mistakes.push({
        file,
        line: lineOf(['vendors']),
        message: `two vendor files are called "${vendor.vendor}"; names must differ`,
      });
    else files.push(vendor);
  return { files, mistakes };
}

function readVendors(
  paths: readonly string[],
  known: KnownFiles,
): { files: VendorFile[]; mistakes: Mistake[] } {
  const files: VendorFile[] = [];
  const mistakes: Mistake[] = [];
  for (const path of paths) {
    const read = known.vendor(path);
    if (Array.isArray(read)) mistakes.push(...read);
    else files.push(read);
  }
  return { files, mistakes };
}

function unknownVendors(
  file: string,
  { value, lineOf }: CheckedYaml<SettingsFile>,
  known: ReadonlySet<string>,
): Mistake[] {
  const mistake = (source: string, vendor: string, place: readonly (string | number)[]): Mistake => ({
    file,
    line: lineOf(['sources', source, ...place]),
    message: `source ${source} names the unknown vendor "${vendor}"; known are: ${[...known].join(', ')}`,
  });
  return Object.entries(value.sources).flatMap(([name, { vendor, routes }]) => [
    ...(known.has(vendor) ? [] : [mistake(name, vendor, ['vendor'])]),
    ...routes.flatMap((route, i) =>
      known.has(route.vendor) && route.vendor !== 'auto'
        ? []
        : [mistake(name, route.vendor, ['routes', i, 'vendor'])],
    ),
  ]);
}

function namesOfNobody(file: string, { value, lineOf }: CheckedYaml<SettingsFile>): Mistake[] {
  const known = Object.keys(value.sources);
  return Object.entries(value.ingest.names)
    .filter(([, source]) => !known.includes(source))
    .map(([name, source]) => ({
      file,
      line: lineOf(['ingest', 'names', name]),
      message: `ingest.names has "${name}" stand for the unknown source "${source}"; known are: ${known.join(', ')}`,
    }));
}

/** Lines over TCP have no name of their own. */
function linesForNobody(file: string, { value, lineOf }: CheckedYaml<SettingsFile>): Mistake[] {
  const { tcp } = value.ingest.receivers;
  const known = Object.keys(value.sources);
  if (!tcp || known.includes(tcp.source)) return [];
  const message = `ingest.receivers.tcp.source is the unknown source "${tcp.source}"; known are: ${known.join(', ')}`;
  return [{ file, line: lineOf(['ingest', 'receivers', 'tcp', 'source']), message }];
}

/** A body that is allowed, but larger than what may be held at once, would be let in only while nobody else sends. */
function bodiesWithoutRoom(file: string, { value, lineOf }: CheckedYaml<SettingsFile>): Mistake[] {
  const { max_body, max_inflight, queue } = value.ingest;
  const limits = [
    { place: ['max_inflight'], bytes: max_inflight },
    { place: ['queue', 'max_bytes'], bytes: queue.max_bytes },
  ];
  return limits
    .filter(({ bytes }) => max_body > bytes)
    .map(({ place, bytes }) => ({
      file,
      // the one that is not there has the line of what it would stand in, which comes before
      line: Math.max(lineOf(['ingest', ...place]), lineOf(['ingest', 'max_body'])),
      message: `ingest.${place.join('.')} is ${bytes} bytes, and ingest.max_body is ${max_body}: the largest body would not fit`,
    }));
}

const BURST_SECONDS = 10;

function sourceOf(name: string, file: SourceFile, credentials: Credentials | undefined): Source {
  const { max_body, max_rate, burst } = file.limits;
  return {
    name,
    vendor: file.vendor,
    format: file.format,
    fields: Object.fromEntries(
      Object.entries(file.fields).map(([field, where]) => [
        field,
        typeof where === 'string' ? { path: where.split('.') } : { ...where, path: where.path.split('.') },
      ]),
    ),
    routes: file.routes,
    ignore: ignoreOf(file.ignore),
    consumers: file.consumers.map(({ user_agent, ...rest }) => ({
      ...rest,
      userAgent: user_agent,
    })),
    maxDevices: file.max_devices,
    model: file.model,
    models: new Map(Object.entries(file.models)),
    timeoutInQuery: file.timeout_in === 'query',
    repeatsByContent: file.repeats === 'by_content',
    heartbeatMs: file.heartbeat,
    privacy: file.privacy,
    labels: file.labels,
    logsLink: file.links.logs,
    limits: {
      maxBody: max_body,
      rate:
        max_rate === undefined
          ? undefined
          : { bytesPerSecond: max_rate, burst: burst ?? BURST_SECONDS * max_rate },
    },
    credentials,
  };
}
