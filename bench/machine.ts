import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { program } from '#programs';

/** What the figures were measured on and with, for one sentence. */
export async function machine(): Promise<string> {
  const [{ model = 'unknown' } = {}] = cpus();
  const versions = await Promise.all([
    versionOf('redis-server', ['--version'], /v=(\S+)/),
    versionOf('mtail', ['--version'], /version (\S+)/),
    versionOf('goaccess', ['--version'], /GoAccess - (\S+?)\.?\s/),
    versionOf('jq', ['--version'], /jq-(\S+)/),
  ]);
  const [redis, mtail, goaccess, jq] = versions;
  return (
    `${cpus().length} cores (${model.trim()}), ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux ${release().replace(/-.*/, '')}, ` +
    `Node ${process.versions.node}, Redis ${redis}, mtail ${mtail}, goaccess ${goaccess}, jq ${jq}`
  );
}

async function versionOf(name: string, args: string[], pattern: RegExp): Promise<string> {
  const { command, env } = await program(name);
  const said = execFileSync(command, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
  return pattern.exec(said)?.[1] ?? 'of unknown version';
}
