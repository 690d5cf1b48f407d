import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkYaml, type Catalogue, type CheckedYaml, type Mistake, type VendorFile } from '#catalogue';
import { ignoreOf } from './ignore.js';
import { KnownFiles } from './known-files.js';
import { objectivesOf } from './monitoring-file.js';
import { settingsSchema, type Secret, type SettingsFile, type SourceFile } from './settings-file.js';
import type { Settings, Source } from './settings.js';

/** The vendor files that come with statuslens; dist/ lies beside libs/. */
const SHIPPED_VENDORS = fileURLToPath(new URL('../../../../libs/catalogue/vendors/', import.meta.url));

export type Environment = Readonly<Record<string, string | undefined>>;

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
  const mistakes = [...vendors.mistakes, ...unknownVendors(file, checked, names)];
  const sources = new Map<string, Source>();
  for (const [name, source] of Object.entries(checked.value.sources)) {
    const read = readSource(name, source, { folder: dirname(file), environment, known });
    if (typeof read === 'string')
      mistakes.push({
        file,
        line: checked.lineOf(['sources', name, 'auth']),
        message: `source ${name}: ${read}`,
      });
    else sources.set(name, read);
  }
  if (mistakes.length > 0) throw new InvalidSettings(mistakes);
  return Object.freeze(assemble(file, checked.value, known.catalogue(vendors.files), sources, environment));
}

function assemble(
  file: string,
  value: SettingsFile,
  catalogue: Catalogue,
  sources: ReadonlyMap<string, Source>,
  environment: Environment,
): Settings {
  return {
    file,
    redis: { ...value.redis, url: environment['STATUSLENS_REDIS_URL'] ?? value.redis.url },
    ingest: value.ingest,
    worker: value.worker,
    exporter: { ...value.exporter, state: resolve(dirname(file), stateFolder(value)) },
    claimHours: Math.ceil(value.claims.ttl / 3_600_000),
    dead: { maxAgeMs: value.dead.max_age, maxBytes: value.dead.max_bytes },
    lateAfterMs: value.late_after,
    shutdown: value.shutdown,
    objectives: objectivesOf(value.monitoring),
    catalogue,
    sources,
  };
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

/** Where secrets that the settings only name are. */
interface SecretPlaces {
  /** Paths are relative to it. */
  readonly folder: string;
  readonly environment: Environment;
  readonly known: KnownFiles;
}

/** @returns the source, or what is wrong with its secrets */
function readSource(name: string, file: SourceFile, places: SecretPlaces): Source | string {
  const bearer = readSecret(file.auth?.bearer, places);
  const password = readSecret(file.auth?.basic?.password, places);
  for (const secret of [bearer, password]) if (secret instanceof Error) return secret.message;
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
    heartbeatMs: file.heartbeat,
    labels: file.labels,
    logsLink: file.links.logs,
    credentials: file.auth && {
      bearer: bearer as string | undefined,
      basic: file.auth.basic && { username: file.auth.basic.username, password: password as string },
    },
  };
}

function readSecret(
  secret: Secret | undefined,
  { folder, environment, known }: SecretPlaces,
): string | undefined | Error {
  if (secret === undefined || typeof secret === 'string') return secret;
  if ('env' in secret)
    return environment[secret.env] ?? new Error(`the environment variable ${secret.env} is not set`);
  const text = known.text(resolve(folder, secret.file));
  return text instanceof Error ? new Error(`the file ${secret.file} ${text.message}`) : text.trim();
}
