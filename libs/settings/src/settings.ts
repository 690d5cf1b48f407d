import type { FieldMappings } from '#access-log';
import type { Catalogue } from '#catalogue';
import type { Objectives } from '#monitoring';
import type { SettingsFile } from './settings-file.js';

/** What a sender of a source must present; either will do where both are set. */
export interface Credentials {
  readonly bearer?: string | undefined;
  readonly basic?: { readonly username: string; readonly password: string } | undefined;
}

/** Requests that are counted as ignored; any rule that fits is enough. */
export interface Ignore {
  readonly paths: readonly string[];
  readonly userAgents: readonly string[];
  /** Undefined where no address is ignored. */
  readonly hasAddress: ((address: string) => boolean) | undefined;
}

/** Where log lines come from, and how they are to be read. */
export interface Source {
  readonly name: string;
  /** A vendor of the catalogue, or `auto`. */
  readonly vendor: string;
  /** A format, or `auto`. */
  readonly format: string;
  readonly fields: FieldMappings;
  /** Hosts and path prefixes that belong to a vendor. */
  readonly routes: readonly { readonly vendor: string; readonly host?: string; readonly path?: string }[];
  readonly ignore: Ignore | undefined;
  /** Callers by name; texts may end in `*`. */
  readonly consumers: readonly {
    readonly name: string;
    readonly user?: string;
    readonly userAgent?: string;
  }[];
  readonly maxDevices: number;
  readonly model: string | undefined;
  /** Models by device. */
  readonly models: ReadonlyMap<string, string>;
  /** A query without a timeout parameter means that the request had none. */
  readonly timeoutInQuery: boolean;
  /** So long the source may be silent; undefined where any silence is fine. */
  readonly heartbeatMs: number | undefined;
  /** `strict`: of its lines nothing is stored but what a judgement needs. */
  readonly privacy: 'pass_through' | 'strict';
  readonly labels: Readonly<Record<string, string>>;
  /** Address of its log lines elsewhere, with places for what is looked for. */
  readonly logsLink: string | undefined;
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
  readonly exporter: SettingsFile['exporter'] & { readonly state: string };
  readonly claimHours: number;
  /** What bounds the batches that can never be read. */
  readonly dead: { readonly maxAgeMs: number; readonly maxBytes: number };
  /** What the callers of strict sources are hashed with; there wherever a source is strict. */
  readonly privacyKey: string | undefined;
  readonly lateAfterMs: number;
  readonly objectives: Objectives;
  readonly catalogue: Catalogue;
  readonly sources: ReadonlyMap<string, Source>;
}
