import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { redisInfo, rewriteFile } from '#redis';
import { testProgram } from '../harness/programs.js';
import { startRedis, type RunningRedis } from '../harness/redis.js';
import { until } from '../harness/until.js';
import {
  diskAfter,
  EMPTY_DISK,
  syncedUntil,
  TRACE_ARGUMENTS,
  type DiskState,
  type FileState,
} from './append-only-trace.js';
import { paused, type Pause } from './pause.js';

export type Fsync = 'always' | 'everysec';

/** How a Redis came to its end. Times are epoch milliseconds. */
export interface RedisEnd {
  readonly of: 'process' | 'power';
  readonly at: number;
  /** All that it had answered until then must be there when it comes back. */
  readonly keptUntil: number;
  /** Bytes of append-only files that went with the power. */
  readonly cutBytes: number;
  /** When it was stopped: it neither answered nor wrote then. */
  readonly pauses: readonly Pause[];
  /** When the next one answered; until then a sender may hear of what this one had answered. */
  backAt: number;
}

const REWRITE_MS = 60_000;

/** Where Redis keeps its append-only files unless told otherwise. */
const FOLDER = 'appendonlydir';

/** A real Redis whose system calls are seen, so that its power can be cut. */
export class WatchedRedis {
  readonly ends: RedisEnd[] = [];
  private disk = EMPTY_DISK;
  private pauses: Pause[] = [];

  private constructor(
    private readonly options: WatchedRedisOptions,
    private readonly trace: string,
    private running: RunningRedis,
  ) {}

  static async start(options: WatchedRedisOptions): Promise<WatchedRedis> {
    const trace = join(mkdtempSync(join(tmpdir(), 'statuslens-trace-')), 'redis.strace');
    return new WatchedRedis(options, trace, await startRedis(await watched(options, trace)));
  }

  get port(): number {
    return this.running.port;
  }

  get url(): string {
    return this.running.url;
  }

  get pid(): number {
    return this.running.pid;
  }

  /** How long the longest sync took, in milliseconds. */
  get longestSync(): number {
    return this.disk.longestSync;
  }

  /** Stopped for so many milliseconds, it neither answers nor writes. */
  async pause(ms: number): Promise<void> {
    this.pauses.push(await paused(this.pid, ms));
  }

  /** SIGKILL: what it has written stays. */
  async kill(): Promise<void> {
    const { at, disk } = await this.end();
    this.ends.push({ of: 'process', at, keptUntil: disk.writtenAt, cutBytes: 0, ...this.atItsEnd() });
  }

  /**
   * Its machine loses power: what was not synced may be gone, to its last byte or from the middle of a command.
   * @param share of what may be gone, that is
   */
  async cutPower(share: number): Promise<void> {
    const { at, disk } = await this.end();
    let cutBytes = 0;
    const files = new Map<string, FileState>();
    for (const [name, { written, synced, syncedAt }] of disk.files) {
      const kept = written - Math.ceil(share * (written - synced));
      truncateSync(this.pathOf(name), kept);
      cutBytes += written - kept;
      files.set(name, { written: kept, synced: kept, syncedAt });
    }
    this.disk = { ...disk, files };
    this.ends.push({ of: 'power', at, keptUntil: syncedUntil(disk), cutBytes, ...this.atItsEnd() });
  }

  private atItsEnd(): Pick<RedisEnd, 'pauses' | 'backAt'> {
    const { pauses } = this;
    this.pauses = [];
    return { pauses, backAt: Infinity };
  }

  async restart(): Promise<void> {
    const { port, dir } = this.running;
    this.running = await startRedis({ ...(await watched(this.options, this.trace)), port, dir });
    const end = this.ends.at(-1)!;
    end.backAt = Date.now();
    if (end.of === 'power') await rewritten(this.url);
  }

  async stop(): Promise<void> {
    await this.running.stop();
    rmSync(this.running.dir, { recursive: true, force: true });
    rmSync(join(this.trace, '..'), { recursive: true });
  }

  /** strace ends with it, and has told all by then. */
  private async end(): Promise<{ at: number; disk: DiskState }> {
    const at = Date.now();
    await this.running.kill();
    this.disk = this.found(diskAfter(readFileSync(this.trace, 'latin1'), this.disk));
    return { at, disk: this.disk };
  }

  /** The files as they are: those that a rewrite has made superfluous are gone. */
  private found({ files, ...disk }: DiskState): DiskState {
    const names = readdirSync(join(this.running.dir, FOLDER)).filter((name) => files.has(name));
    const found = names.map((name): [string, FileState] => {
      const size = statSync(this.pathOf(name)).size;
      const state = files.get(name)!;
      if (size < state.written) throw new Error(`${name} has ${size} bytes, strace saw ${state.written}.`);
      return [name, { ...state, written: size }]; // more, if it was killed in the middle of a write
    });
    return { ...disk, files: new Map(found) };
  }

  private readonly pathOf = (name: string): string => join(this.running.dir, FOLDER, name);
}

/** As docs/reliability.md tells whoever runs a Redis that lost power. */
async function rewritten(url: string): Promise<void> {
  const redis = new Redis(url);
  try {
    await rewriteFile(redis);
    await until(
      'the append-only file is rewritten',
      async () => (await redisInfo(redis, 'persistence')).get('aof_rewrite_in_progress') === '0',
      { timeoutMs: REWRITE_MS },
    );
  } finally {
    redis.disconnect();
  }
}

interface WatchedRedisOptions {
  readonly fsync: Fsync;
  readonly args: readonly string[];
  /** Milliseconds that each sync takes longer than the disk of this machine does. */
  readonly syncDelay: number;
}

async function watched({ fsync, args, syncDelay }: WatchedRedisOptions, trace: string) {
  const slower = ['-e', `inject=fdatasync,fsync:delay_enter=${syncDelay * 1000}`];
  const under = {
    program: await testProgram('strace'),
    // -D: Redis stays the child of this process, under its own process id
    args: ['-D', ...TRACE_ARGUMENTS, ...(syncDelay > 0 ? slower : []), '-o', trace],
  };
  return { appendonly: true, appendfsync: fsync, args: [...args], under };
}
