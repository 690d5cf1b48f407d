import { readFileSync } from 'node:fs';

/** What a process has used so far. */
export interface ProcessUsage {
  /** Bytes in memory, now and at most. */
  readonly memory: number;
  readonly peakMemory: number;
  readonly cpuSeconds: number;
}

const TICKS_PER_SECOND = 100;
/** Fields of proc(5), counted behind the name of the program, which may hold blanks. */
const UTIME = 11;
const STIME = 12;

/** @returns undefined when the process is gone */
export function processUsage(pid: number): ProcessUsage | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const peak = /VmHWM:\s+(\d+)/.exec(status)?.[1];
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    if (peak === undefined) return undefined;
    return {
      memory: 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]),
      peakMemory: 1024 * Number(peak),
      cpuSeconds: (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_PER_SECOND,
    };
  } catch {
    return undefined;
  }
}
