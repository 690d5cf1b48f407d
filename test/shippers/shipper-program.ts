import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram, type Child } from '../harness/child.js';
import { testProgram } from '../harness/programs.js';

/** A folder for one run of a shipper: its configuration, its queue, and the log that it reads. */
export class ShipperFolder {
  private constructor(readonly path: string) {}

  static async create(): Promise<ShipperFolder> {
    return new ShipperFolder(await mkdtemp(join(tmpdir(), 'statuslens-shipper-')));
  }

  file(name: string): string {
    return join(this.path, name);
  }

  write(name: string, text: string): string {
    writeFileSync(this.file(name), text);
    return this.file(name);
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** @param configuration a whole one */
export async function startRsyslog(folder: ShipperFolder, configuration: string): Promise<Child> {
  const file = folder.write('rsyslog.conf', configuration);
  return startProgram(await testProgram('rsyslogd'), [
    '-n',
    '-C',
    '-f',
    file,
    '-i',
    folder.file('rsyslog.pid'),
  ]);
}

/** @param statements what stands below the version */
export async function startSyslogNg(folder: ShipperFolder, statements: string): Promise<Child> {
  const file = folder.write('syslog-ng.conf', `@version: 3.38\n${statements}`);
  const places = ['persist-file', 'pidfile', 'control'].map((name) => `--${name}=${folder.file(name)}`);
  return startProgram(await testProgram('syslog-ng'), ['-F', '--no-caps', `--cfgfile=${file}`, ...places]);
}
