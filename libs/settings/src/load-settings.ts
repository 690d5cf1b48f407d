import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Catalogue,
  checkYaml,
  loadVendor,
  type CheckedYaml,
  type Mistake,
  type VendorFile,
} from '#catalogue';
import { ignoreOf } from './ignore.js';
import { objectivesOf } from './monitoring-file.js';
import { privacyKeyOf } from './privacy-key.js';
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
 * @throws InvalidSettings with every mistake at once
 */
export function loadSettings(file: string, environment: Environment): Settings {
  const text = readText(file);
  if (text instanceof Error) throw new InvalidSettings([{ file, line: 1, message: text.message }]);
  const checked = checkYaml(settingsSchema, file, text);
  if (Array.isArray(checked)) throw new InvalidSettings(checked);
  const vendors = loadVendors(file, checked);
  const names = new Set(['auto', ...vendors.files.map(({ vendor }) => vendor)]);
  const mistakes = [...vendors.mistakes, ...unknownVendors(file, checked, names)];
  const sources = new Map<string, Source>();
  for (const [name, source] of Object.entries(checked.value.sources)) {
    const read = readSource(name, source, dirname(file), environment);
    if (typeof read === 'string')
      mistakes.push({
        file,
        line: checked.lineOf(['sources', name, 'auth']),
        message: `source ${name}: ${read}`,
      });
    else sources.set(name, read);
  }
  const read = readSecret(checked.value.privacy.key, dirname(file), environment);
  const privacyKey = privacyKeyOf(file, checked, read);
  if (Array.isArray(privacyKey)) mistakes.push(...privacyKey);
  if (mistakes.length > 0 || Array.isArray(privacyKey)) throw new InvalidSettings(mistakes);
  const assembled = assemble(file, checked.value, new Catalogue(vendors.files), sources, environment);
  return Object.freeze({ ...assembled, privacyKey });
}

function assemble(
  file: string,
  value: SettingsFile,
  catalogue: Catalogue,
  sources: ReadonlyMap<string, Source>,
  environment: Environment,
): Omit<Settings, 'privacyKey'> {
  return {
    file,
    redis: { ...value.redis, url: environment['STATUSLENS_REDIS_URL'] ?? value.redis.url },
    ingest: value.ingest,
    worker: value.worker,
    exporter: { ...value.exporter, state: resolve(dirname(file), stateFolder(value)) },
    claimHours: Math.ceil(value.claims.ttl / 3_600_000),
    dead: { maxAgeMs: value.dead.max_age, maxBytes: value.dead.max_bytes },
    lateAfterMs: value.late_after,
    objectives: objectivesOf(value.monitoring),
    catalogue,
    sources,
  };
}

const stateFolder = ({ exporter, redis }: SettingsFile): string =>
  exporter.state ?? join(redis.data, 'exporter');

/** The shipped vendor files, for tools that need no settings. @throws InvalidSettings if one is broken */
export function shippedVendors(): VendorFile[] {
  const { files, mistakes } = readVendors(
    readdirSync(SHIPPED_VENDORS)
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .map((name) => resolve(SHIPPED_VENDORS, name)),
  );
  if (mistakes.length > 0) throw new InvalidSettings(mistakes);
  return files;
}

function loadVendors(file: string, { value, lineOf }: CheckedYaml<SettingsFile>) {
  const shipped = shippedVendors();
  const own = readVendors(value.vendors.map((name) => resolve(dirname(file), name)));
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

function readVendors(paths: readonly string[]): { files: VendorFile[]; mistakes: Mistake[] } {
  const files: VendorFile[] = [];
  const mistakes: Mistake[] = [];
  for (const path of paths) {
    const text = readText(path);
    const read =
      text instanceof Error ? [{ file: path, line: 1, message: text.message }] : loadVendor(path, text);
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

/** @returns the source, or what is wrong with its secrets */
function readSource(
  name: string,
  file: SourceFile,
  folder: string,
  environment: Environment,
): Source | string {
  const bearer = readSecret(file.auth?.bearer, folder, environment);
  const password = readSecret(file.auth?.basic?.password, folder, environment);
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
    privacy: file.privacy,
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
  folder: string,
  environment: Environment,
): string | undefined | Error {
  if (secret === undefined || typeof secret === 'string') return secret;
  if ('env' in secret)
    return environment[secret.env] ?? new Error(`the environment variable ${secret.env} is not set`);
  const text = readText(resolve(folder, secret.file));
  return text instanceof Error ? new Error(`the file ${secret.file} ${text.message}`) : text.trim();
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
};

/** @returns the text, or an error with a sentence that follows the name of the file */
function readText(path: string): string | Error {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return new Error(`cannot be read: ${WHY[code] ?? code}`);
  }
}
