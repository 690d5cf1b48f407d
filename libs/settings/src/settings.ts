import type { FieldMappings } from '#access-log';
import type { Catalogue } from '#catalogue';
import type { SettingsFile } from './settings-file.js';

/** What a sender of a source must present; either will do where both are set. */
export interface Credentials {
  readonly bearer?: string | undefined;
  readonly basic?: { readonly username: string; readonly password: string } | undefined;
}

/** Where log lines come from, and how they are to be read. */
export interface Source {
  readonly name: string;
  /** A vendor of the catalogue, or `auto`. */
  readonly vendor: string;
  /** A format, or `auto`. */
  readonly format: string;
  readonly fields: FieldMappings;
  readonly model: string | undefined;
  /** A query without a timeout parameter means that the request had none. */
  readonly timeoutInQuery: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly credentials: Credentials | undefined;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
}

/** Everything a process needs to know, read once. Durations in milliseconds, sizes in bytes. */
export interface Settings {
  /** The file they were read from. */
  readonly file: string;
  readonly redis: SettingsFile['redis'];
  readonly ingest: SettingsFile['ingest'];
  readonly worker: SettingsFile['worker'];
  readonly exporter: SettingsFile['exporter'];
  readonly claimHours: number;
  readonly lateAfterMs: number;
  readonly catalogue: Catalogue;
  readonly sources: ReadonlyMap<string, Source>;
}
