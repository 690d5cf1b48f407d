import { readFile, stat } from 'node:fs/promises';

const LINES = 10;

/** The size of a file in bytes, 0 if there is none. */
export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** The last lines of what was written into a file after its first `from` bytes. */
export async function endOfFile(path: string, from: number): Promise<string> {
  return (await writtenSince(path, from)).trimEnd().split('\n').slice(-LINES).join('\n');
}

/** What was written into a file after its first `from` bytes. */
export async function writtenSince(path: string, from: number): Promise<string> {
  return (await readFile(path)).subarray(from).toString();
}
