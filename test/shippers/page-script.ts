import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startScript, type Child, type ChildOptions } from '../harness/child.js';

/**
 * Runs code of a page in a process of its own.
 * @param use a few words behind it, which use what it has
 */
export function startPageScript(code: string, use: string, options: ChildOptions): Child {
  // where its imports find node_modules
  const folder = mkdtempSync(join('dist', 'page-'));
  const script = join(folder, 'page.mjs');
  writeFileSync(script, `${code}\n${use}\n`);
  const child = startScript(script, [], options);
  child.exited.finally(() => rmSync(folder, { recursive: true })).catch(() => {});
  return child;
}
