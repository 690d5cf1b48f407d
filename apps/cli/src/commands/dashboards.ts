import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawnDashboards } from '#monitoring';
import { dashboardScopeOf } from '#settings';
import { parse } from '../arguments.js';
import { UsageError, type Command } from '../io.js';
import { keptLabels } from '../kept-labels.js';
import { knownSettings } from '../known-settings.js';

const OPTIONS = {
  config: { type: 'string' },
  exporter: { type: 'string' },
  labels: { type: 'string' },
} as const;

/** Dashboards that follow from catalogue and settings, as files that Grafana provisions or imports. */
export const dashboards: Command = {
  usage:
    'statuslens dashboards DIR [--config FILE] [--exporter URL] [--labels cluster,env]\n' +
    '  --exporter where browsers reach the exporter; links explain statuses there\n' +
    '  --labels names labels that Prometheus itself adds to every series; each becomes a choice',
  about: 'writes Grafana dashboards, one file each, into a folder',
  async run(args, io) {
    const { values, positionals } = parse(args, OPTIONS);
    const [folder, another] = positionals;
    if (folder === undefined) throw new UsageError('no folder given');
    if (another !== undefined) throw new UsageError(`unexpected argument "${another}"`);
    const settings = knownSettings(values.config, io);
    const scope = dashboardScopeOf(settings, keptLabels(values.labels), addressOf(values.exporter));
    const files = [...(await drawnDashboards(scope))].map(
      ([name, dashboard]) =>
        [join(folder, `${name}.json`), `${JSON.stringify(dashboard, null, 2)}\n`] as const,
    );
    await written(folder, files);
    for (const [file] of files) io.stdout.write(`${file}\n`);
    return 0;
  },
};

function addressOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^https?:\/\/[^/]/.test(text)) throw new UsageError('--exporter must begin with http:// or https://');
  return text.replace(/\/+$/, '');
}

async function written(folder: string, files: readonly (readonly [file: string, text: string])[]) {
  try {
    await mkdir(folder, { recursive: true });
    for (const [file, text] of files) await writeFile(file, text);
  } catch (error) {
    throw new UsageError(`cannot write there: ${(error as Error).message}`);
  }
}
