import type { FieldMappings } from '#access-log';
import type { Catalogue, Mistake } from '#catalogue';
import type { Objectives } from '#monitoring';
import type { RedisAccess } from '#redis';
import type { ForwardSecrets, ForwardSecretsFile } from './forward-secrets.js';
import type { ListenerFile } from './listener-file.js';
import type { ReceiversFile } from './receivers-file.js';
import type { SettingsFile } from './settings-file.js';
import type { SourceNames } from './source-names.js';
import type { TlsFiles } from './tls-files.js';

/** What is kept of a secret. */
export type SecretHash =
  | { readonly sha256: Buffer }
  | {
      readonly scrypt: {
        readonly N: number;
        readonly r: number;
        readonly p: number;
        readonly salt: Buffer;
        readonly key: Buffer;
      };
    };

/** What somebody must present: any of the tokens, or the user with any of the passwords. */
export interface Credentials {
  readonly bearers: readonly SecretHash[];
  readonly basic: { readonly username: string; readonly passwords: readonly SecretHash[] } | undefined;
}

/** Requests that are counted as ignored; any rule that fits is enough. */
export interface Ignore {
  readonly paths: readonly string[];
  readonly userAgents: readonly string[];
  /** Addresses and ranges in CIDR notation. */
  readonly addresses: readonly string[];
  /** Whether an address is one of them; undefined where there is none. */
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
  /** Batches without a key are repeats if their bytes are the same. */
  readonly repeatsByContent: boolean;
  /** So long the source may be silent; undefined where any silence is fine. */
  readonly heartbeatMs: number | undefined;
  /** `strict`: of its lines nothing is stored but what a judgement needs. */
  readonly privacy: 'pass_through' | 'strict';
  readonly labels: Readonly<Record<string, string>>;
  /** Address of its log lines elsewhere, with places for what is looked for. */
  readonly logsLink: string | undefined;
  /** In bytes as sent; undefined where ingest alone sets bounds. */
  readonly limits: {
    readonly maxBody: number | undefined;
    readonly rate: { readonly bytesPerSecond: number; readonly burst: number } | undefined;
  };
  readonly credentials: Credentials | undefined;
}

/** TLS of a listener. Files by absolute paths. */
export type Tls = NonNullable<ListenerFile['tls']> & TlsFiles;

/** A section of the settings that may have `tls`. */
type Resolved<File> = File extends { tls?: unknown }
  ? Omit<File, 'tls' | keyof ForwardSecretsFile> & { readonly tls: Tls | undefined }
  : File;

/** A port and who may speak there for how long. */
export type Listener = Resolved<ListenerFile>;

/** What listens beside HTTP, by its name in `ingest.receivers`. */
export type Receivers = {
  readonly [Name in keyof ReceiversFile]: Resolved<NonNullable<ReceiversFile[Name]>> | undefined;
};
export type ReceiverName = keyof Receivers;

/** A process that listens: `credentials` are those of its pages. */
type Listening<K extends 'ingest' | 'worker' | 'exporter'> = Omit<
  SettingsFile[K],
  'listen' | 'auth' | 'receivers' | 'names'
> & {
  readonly listen: Listener;
  readonly credentials: Credentials | undefined;
};

/** Everything a process needs to know, as it was read at one moment. Durations in milliseconds, sizes in bytes. */
export interface Settings {
  /** The file they were read from. */
  readonly file: string;
  /** `access`: undefined where nobody says where Redis is. */
  readonly redis: Pick<SettingsFile['redis'], 'replicas' | 'appendfsync' | 'data'> & {
    readonly access: RedisAccess | undefined;
  };
  readonly ingest: Listening<'ingest'> & {
    readonly receivers: Receivers;
    readonly names: SourceNames;
  };
  readonly worker: Listening<'worker'>;
  readonly exporter: Listening<'exporter'> & { readonly state: string };
  /** What bounds the memory of senders' keys. */
  readonly claims: { readonly ttlMs: number; readonly maxBytes: number };
  /** What bounds the batches that can never be read. */
  readonly dead: { readonly maxAgeMs: number; readonly maxBytes: number };
  /** How callers are followed, and within which bounds. */
  readonly conduct: {
    readonly enabled: boolean;
    readonly retryWindowMs: number;
    readonly jobWithinMs: number;
    readonly pollIntervalMs: number;
    readonly maintenanceCallers: number;
    readonly maxOperations: number;
    /** What may wait of a source to be judged. */
    readonly maxBytes: number;
  };
  /** What senders of Fluent Forward must know; nothing if it demands no secret. */
  readonly forwardSecrets: ForwardSecrets | undefined;
  /** What the callers of strict sources are hashed with; there wherever a source is strict. */
  readonly privacyKey: string | undefined;
  readonly lateAfterMs: number;
  readonly shutdown: SettingsFile['shutdown'];
  readonly objectives: Objectives;
  readonly catalogue: Catalogue;
  readonly sources: ReadonlyMap<string, Source>;
  /** What can be used and should not. */
  readonly warnings: readonly Mistake[];
}
