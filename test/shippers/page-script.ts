import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startScript, type Child } from '../harness/child.js';

/**
 * Runs code of a page in a process of its own, with a few words behind it that use what it exports.
 * @param input for its stdin
 */
export async function startPageScript(code: string, use: string, input: string): Promise<Child> {
  // where its imports find node_modules
  const folder = await mkdtemp(join('dist', 'page-'));
  const script = join(folder, 'page.mjs');
  await writeFile(script, `${code}\n${use}\n`);
  const child = startScript(script, [], { input });
  child.exited.finally(() => rm(folder, { recursive: true })).catch(() => {});
  return child;
}
