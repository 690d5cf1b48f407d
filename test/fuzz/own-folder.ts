import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder for as long as this process, or this test file, runs. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'statuslens-fuzz-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  if (typeof afterAll === 'function') afterAll(remove);
  return folder;
}
