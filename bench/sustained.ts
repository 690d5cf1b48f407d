import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { LiveLog } from './live-log.js';
import { median } from './median.js';
import type { Pipeline } from './pipeline.js';

/** What each process used while lines came at a steady rate. */
export interface Sustained {
  readonly seconds: number;
  readonly lines: number;
  /** By the name of the process; bytes. */
  readonly memory: ReadonlyMap<string, Memory>;
  /** Seconds of processor time for each million lines, by the name of the process. */
  readonly cpu: ReadonlyMap<string, number>;
  /** Bytes that Redis wrote to its disk for each line. */
  readonly diskBytesPerLine: number;
}

export interface Memory {
  readonly peak: number;
  /** Medians of the second and the last fifth of the time. */
  readonly secondFifth: number;
  readonly lastFifth: number;
}

const LOOK_MS = 1000;
const ATONCE = 4;

/** @param told seconds that have gone by */
export async function sustain(
  pipeline: Pipeline,
  source: string,
  log: LiveLog,
  linesPerSecond: number,
  seconds: number,
  told: (seconds: number) => void,
): Promise<Sustained> {
  const { linesPerBody } = log;
  const everyMs = (1000 * linesPerBody) / linesPerSecond;
  const count = Math.floor((seconds * 1000) / everyMs);
  const known = await pipeline.visible(source);
  const before = pipeline.usage();
  const writtenBefore = bytesWritten(pipeline.redis.pid);
  const start = performance.now();
  const looks: Map<string, number>[] = [];
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < count) {
      const i = next++;
      const wait = start + i * everyMs - performance.now();
      if (wait > 1) await pause(wait);
      await pipeline.send(source, await log.body(Date.now()), 'gzip');
    }
  };
  const watcher = async (): Promise<void> => {
    while (performance.now() - start < seconds * 1000) {
      looks.push(new Map([...pipeline.usage()].map(([role, { memory }]) => [role, memory])));
      told(Math.round((performance.now() - start) / 1000));
      await pause(LOOK_MS);
    }
  };
  await Promise.all([watcher(), ...Array.from({ length: ATONCE }, sender)]);
  await pipeline.untilVisible(source, known + count * linesPerBody);
  const sent = count * linesPerBody;
  const after = pipeline.usage();
  const roles = [...after.keys()];
  return {
    seconds,
    lines: sent,
    memory: new Map(roles.map((role) => [role, memoryOf(looks.map((look) => look.get(role)!))])),
    cpu: new Map(
      roles.map((role) => [
        role,
        (after.get(role)!.cpuSeconds - before.get(role)!.cpuSeconds) / (sent / 1e6),
      ]),
    ),
    diskBytesPerLine: (bytesWritten(pipeline.redis.pid) - writtenBefore) / sent,
  };
}

function memoryOf(values: readonly number[]): Memory {
  const fifth = Math.floor(values.length / 5);
  return {
    peak: Math.max(...values),
    secondFifth: median(values.slice(fifth, 2 * fifth)),
    lastFifth: median(values.slice(-fifth)),
  };
}

/** What the kernel wrote, or will, to a disk for a process: proc(5). */
const bytesWritten = (pid: number): number =>
  Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))![1]);
