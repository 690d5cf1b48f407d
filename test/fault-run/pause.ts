import { setTimeout as pause } from 'node:timers/promises';

/** When a process was stopped, epoch milliseconds. */
export interface Pause {
  readonly from: number;
  readonly until: number;
}

/** SIGSTOP, and SIGCONT after so many milliseconds. */
export async function paused(pid: number, ms: number): Promise<Pause> {
  const from = Date.now();
  process.kill(pid, 'SIGSTOP');
  await pause(ms);
  process.kill(pid, 'SIGCONT');
  return { from, until: Date.now() };
}
