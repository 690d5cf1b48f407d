/**
 * What of Redis' append-only files has reached the disk, as its system calls tell, seen by strace. Nothing else tells it
 * to the byte: INFO knows how many syncs wait, not how far the last one came.
 */

/** Arguments of strace: all threads, microseconds, the paths of files, no contents; the calls that change the files. */
export const TRACE_ARGUMENTS = [
  ...['-f', '--seccomp-bpf', '-qqq', '-ttt', '-T', '-y', '-s', '0', '-e', 'signal=none'],
  ...['-e', 'trace=write,fdatasync,fsync,truncate'],
];

/** One append-only file. Lengths in bytes, times in epoch milliseconds. */
export interface FileState {
  /** What was written outlives the process. */
  readonly written: number;
  /** What was synced outlives the power, too. */
  readonly synced: number;
  /** When the newest write was made that is synced. */
  readonly syncedAt: number;
}

export interface DiskState {
  /** By the name of the file. */
  readonly files: ReadonlyMap<string, FileState>;
  /** When Redis wrote last: all that it had answered until then outlives it. */
  readonly writtenAt: number;
  /** How long the longest sync took, in milliseconds. */
  readonly longestSync: number;
}

export const EMPTY_DISK: DiskState = { files: new Map(), writtenAt: 0, longestSync: 0 };

/** Until when all that Redis had answered outlives a loss of power, in epoch milliseconds. */
export const syncedUntil = ({ files, writtenAt }: DiskState): number =>
  Math.min(
    writtenAt,
    ...[...files.values()].map(({ written, synced, syncedAt }) => (synced < written ? syncedAt : writtenAt)),
  );

/**
 * @param trace what strace wrote about a Redis, from its start to its end
 * @param before the disk as that Redis found it
 */
export function diskAfter(trace: string, before: DiskState): DiskState {
  const disk = new Disk(before);
  const unended = new Map<string, Call>();
  for (const line of trace.split('\n')) {
    const resumed = RESUMES.exec(line)?.[1];
    const call = resumed === undefined ? callOf(line, disk) : unended.get(resumed);
    if (call === undefined) continue;
    const [, result, seconds] = ENDS.exec(line) ?? [];
    if (result === undefined) unended.set(call.thread, call);
    else {
      unended.delete(call.thread);
      if (Number(result) >= 0) disk.apply(call, Number(result), Number(seconds) * 1000);
    }
  }
  return disk.state;
}

/** A call that has begun; others may be seen before it ends, of other threads. */
interface Call {
  readonly thread: string;
  readonly name: string;
  readonly file: string;
  readonly at: number;
  /** That write or truncate asks for. */
  readonly length: number;
  /** What had been written when it began, and when: that much a sync brings to the disk. */
  readonly written: number;
  readonly writtenAt: number;
}

const BEGINS = /^(\d+) +(\d+\.\d+) (\w+)\((?:\d+<([^>]*)>|"([^"]*)")(?:, (?:""(?:\.\.\.)?, )?(\d+))?/;
const RESUMES = /^(\d+) +\d+\.\d+ <\.\.\. \w+ resumed>/;
const ENDS = /\) += (-?\d+)\b.*<(\d+\.\d+)>$/;
/** What Redis appends to. The files that a rewrite makes are synced before they get their names. */
const APPENDED = /([^/]+\.incr\.aof)$/;

function callOf(line: string, disk: Disk): Call | undefined {
  const [, thread = '', seconds, name = '', opened, named, length] = BEGINS.exec(line) ?? [];
  const file = APPENDED.exec(opened ?? named ?? '')?.[1];
  if (file === undefined) return undefined;
  const { writtenAt } = disk.state;
  const { written } = disk.file(file);
  return { thread, name, file, at: Number(seconds) * 1000, length: Number(length), written, writtenAt };
}

class Disk {
  private readonly files: Map<string, FileState>;
  private writtenAt: number;
  private longestSync: number;

  constructor(before: DiskState) {
    this.files = new Map(before.files);
    this.writtenAt = before.writtenAt;
    this.longestSync = before.longestSync;
  }

  get state(): DiskState {
    return { files: this.files, writtenAt: this.writtenAt, longestSync: this.longestSync };
  }

  /** All that was written to older files comes before a new one. */
  file(name: string): FileState {
    return this.files.get(name) ?? { written: 0, synced: 0, syncedAt: this.writtenAt };
  }

  apply(call: Call, result: number, tookMs: number): void {
    const before = this.file(call.file);
    if (call.name === 'write') {
      this.files.set(call.file, { ...before, written: before.written + result });
      // a write that SIGKILL cuts short ends well all the same: the rest of what was answered is lost
      if (result >= call.length) this.writtenAt = call.at;
    } else if (call.name === 'truncate') {
      this.files.set(call.file, {
        ...before,
        written: call.length,
        synced: Math.min(before.synced, call.length),
      });
    } else {
      this.files.set(call.file, { ...before, synced: call.written, syncedAt: call.writtenAt });
      this.longestSync = Math.max(this.longestSync, tookMs);
    }
  }
}
