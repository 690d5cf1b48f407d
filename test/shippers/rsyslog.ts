import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startProgram, type Child } from '../harness/child.js';
import { testProgram } from '../harness/programs.js';

/** rsyslog with a configuration and one log file. */
export interface RunningRsyslog {
  readonly child: Child;
  stop(): Promise<void>;
}

/** @param configuration given the path of the log file */
export async function startRsyslog(
  configuration: (log: string) => string,
  lines: readonly string[],
): Promise<RunningRsyslog> {
  const rsyslogd = await testProgram('rsyslog-elasticsearch');
  const folder = await mkdtemp(join(tmpdir(), 'statuslens-rsyslog-'));
  const [log, file] = [join(folder, 'access.log'), join(folder, 'rsyslog.conf')];
  await writeFile(log, lines.map((line) => `${line}\n`).join(''));
  await writeFile(file, `global(workDirectory="${folder}")\n${configuration(log)}`);
  const modules = await modulesOf(rsyslogd.command);
  const child = startProgram(rsyslogd, ['-n', '-iNONE', '-M', modules, '-f', file]);
  return {
    child,
    async stop() {
      await child.kill('SIGTERM');
      await rm(folder, { recursive: true });
    },
  };
}

/** Debian keeps them in a folder named after the architecture, beside the libraries. */
async function modulesOf(command: string): Promise<string> {
  const libraries = join(dirname(command), '..', 'lib');
  const architecture = (await readdir(libraries)).find((name) => name.includes('-linux-'));
  return join(libraries, architecture ?? '', 'rsyslog');
}
