import { existsSync, readFileSync } from 'node:fs';

/** Whether a process still runs. One that ended and was not collected by its parent yet does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return stateOf(pid) !== 'Z';
}

function stateOf(pid: number): string | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  // the name in brackets may hold spaces and brackets of its own
  return readFileSync(path, 'utf8').split(') ').at(-1)?.[0];
}
