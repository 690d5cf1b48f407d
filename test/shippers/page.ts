import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { startProgram } from '../harness/child.js';

/** Blocks of code of a page of docs/shippers. */
const blocksOf = (page: string, language: string): string[] =>
  [...readFileSync(`docs/shippers/${page}.md`, 'utf8').matchAll(/^```(\w+)\n(.*?)^```/gms)]
    .filter(([, written]) => written === language)
    .map(([, , code]) => code!);

/** The first block of YAML: the settings that users paste. */
export const settingsOf = (page: string): Record<string, object> =>
  parse(blocksOf(page, 'yaml')[0]!) as Record<string, object>;

/** A script of a page that reads log lines, as users run it. */
export interface PageScript {
  /** Lines that it gets from now on. */
  write(lines: readonly string[]): void;
  /** Ends its input. Resolves when it has ended by itself. @throws what it printed if it failed */
  end(): Promise<void>;
}

/**
 * Starts the script of a page that has a text in it.
 * @param changes texts that users would change, such as the port
 */
export function startPageScript(
  page: string,
  holding: string,
  changes: Readonly<Record<string, string>>,
): PageScript {
  let code = blocksOf(page, 'js').find((block) => block.includes(holding))!;
  for (const [from, to] of Object.entries(changes)) {
    if (!code.includes(from)) throw new Error(`the script has no ${from}`);
    code = code.replaceAll(from, to);
  }
  // below the project, so that it finds node_modules
  const folder = mkdtempSync(resolve('dist/page-'));
  const file = join(folder, 'script.mjs');
  writeFileSync(file, code);
  const child = startProgram({ command: process.execPath, env: {} }, [file], { moreInput: true });
  const ended = child.exited.then(({ code: status }) => {
    rmSync(folder, { recursive: true });
    if (status !== 0) throw new Error(`the script of ${page} ended with ${status}: ${child.output}`);
  });
  ended.catch(() => {}); // seen by `end`
  return {
    write: (lines) => void child.stdin.write(lines.map((line) => `${line}\n`).join('')),
    end: () => {
      child.stdin.end();
      return ended;
    },
  };
}
