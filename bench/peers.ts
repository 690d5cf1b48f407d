import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '#programs';
import { settingsIn } from './analyzed.js';
import type { Twin } from './twin-log.js';
import type { TwinFiles } from './twin-files.js';

/** What reads a file from its first line to its last, started for each round. */
export interface Reader {
  readonly name: string;
  /** What it does with each line. */
  readonly does: string;
  readonly twins: readonly Twin[];
  /** @param folder for what it writes */
  command(file: { readonly log: string; readonly gz: string }, twin: Twin, folder: string): Promise<Command>;
}

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
}

/** Counts what the first page of every exporter of access logs has: requests by method and status. */
const MTAIL_PROGRAM: Readonly<Record<Twin, string>> = {
  combined: `counter http_requests_total by method, status

/"(?P<method>[A-Z]+) [^"]*" (?P<status>\\d{3}) / {
  http_requests_total[$method][$status]++
}
`,
  'nginx-json': `counter http_requests_total by method, status

/"request_method":"(?P<method>[A-Z]+)".*"status":"(?P<status>\\d{3})"/ {
  http_requests_total[$method][$status]++
}
`,
};

const shell = (script: string, ...args: string[]): Command => ({
  file: 'sh',
  args: ['-c', script, 'sh', ...args],
});

export const READERS = {
  mtail: {
    name: 'mtail',
    does: 'counts method and status, from the file',
    twins: ['combined', 'nginx-json'],
    async command({ log }, twin, folder) {
      const { command, env } = await program('mtail');
      const progs = join(folder, `${twin}.mtail`);
      writeFileSync(progs, MTAIL_PROGRAM[twin]);
      return {
        file: command,
        args: ['--one_shot', `--progs=${progs}`, `--logs=${log}`, `--log_dir=${folder}`],
        env,
      };
    },
  },
  goaccess: {
    name: 'goaccess',
    does: 'all its panels, from the file, written as JSON',
    twins: ['combined'],
    async command({ log }, _twin, folder) {
      const { command, env } = await program('goaccess');
      const report = join(folder, 'goaccess.json');
      rmSync(report, { force: true });
      return {
        file: command,
        args: [log, '--log-format=COMBINED', '--no-global-config', '--no-progress', '-o', report],
        env,
      };
    },
  },
  jq: {
    name: 'jq',
    does: 'one field of each line',
    twins: ['nginx-json'],
    async command({ log }) {
      const { command } = await program('jq');
      return shell('"$1" -c .status "$2" >/dev/null', command, log);
    },
  },
  wc: {
    name: 'wc -l',
    does: 'counts line breaks',
    twins: ['combined', 'nginx-json'],
    command: async ({ log }) => shell('wc -l "$1" >/dev/null', log),
  },
  gzip: {
    name: 'gzip -dc | wc -l',
    does: 'inflates, counts line breaks',
    twins: ['combined', 'nginx-json'],
    command: async ({ gz }) => shell('gzip -dc "$1" | wc -l >/dev/null', gz),
  },
  analyze: {
    name: 'statuslens analyze',
    does: 'judges, counts, prints its tables, from the file',
    twins: ['combined', 'nginx-json'],
    command: async ({ log }, twin, folder) => analyze(log, twin, folder),
  },
  'analyze gz': {
    name: 'statuslens analyze, of .gz',
    does: 'the same, inflating',
    twins: ['combined', 'nginx-json'],
    command: async ({ gz }, twin, folder) => analyze(gz, twin, folder),
  },
} satisfies Record<string, Reader>;
export type ReaderName = keyof typeof READERS;

const analyze = (file: string, twin: Twin, folder: string): Command => ({
  file: process.execPath,
  args: ['dist/apps/cli/src/main.js', 'analyze', '--config', settingsIn(folder), '--source', twin, file],
});

/** @returns seconds from its start to its end */
export async function timed(reader: Reader, files: TwinFiles, twin: Twin, folder: string): Promise<number> {
  const { file, args, env = {} } = await reader.command(files[twin], twin, folder);
  const start = performance.now();
  await ended(file, args, env);
  return (performance.now() - start) / 1000;
}

function ended(file: string, args: readonly string[], env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${file} ${args.join(' ')} ended with ${code}: ${said}`)),
    );
  });
}
