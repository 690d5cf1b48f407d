import { conductSeriesBound, conductZeroSeries } from '#conduct';
import { BYTES_PER_CLAIM } from '#redis';
import { DEFAULT_SETTINGS_FILE, loadSettings, scopeOf, type Settings, type Source } from '#settings';
import { describeMistake } from '#catalogue';
import { seriesBound, zeroSeries } from '#verdict';
import { parse } from '../arguments.js';
import { UsageError, type Command } from '../io.js';

const HOUR_MS = 3_600_000;

/** Whether the settings can be used, and how many series they make. */
export const checkConfig: Command = {
  usage: 'statuslens check-config [FILE]',
  about: 'lists every mistake in the settings with its line, or the number of series',
  async run(args, io) {
    const { positionals } = parse(args, {});
    if (positionals.length > 1) throw new UsageError(`unexpected argument "${positionals[1]}"`);
    const file = positionals[0] ?? io.environment['STATUSLENS_CONFIG'] ?? DEFAULT_SETTINGS_FILE;
    const settings = loadSettings(file, io.environment);
    const rows = [...settings.sources.values()].map((source) => sourceRow(source, settings));
    const total = rows.reduce((sum, { series }) => sum + series, 0);
    const most = rows.reduce((sum, { most }) => sum + most, 0);
    io.stdout.write(
      [
        `${file} is valid: ${rows.length} source${rows.length === 1 ? '' : 's'}, ` +
          `${settings.catalogue.files.length} vendors`,
        ...rows.map(({ text }) => text),
        ...settings.warnings.map((warning) => `warning: ${describeMistake(warning)}`),
        `series from the first scrape: ${total}; at most ${most}, whatever the lines say`,
        repeatsRow(settings),
        '',
      ].join('\n'),
    );
    return 0;
  },
};

/** Senders' keys: what fits into their memory, and which pace of batches that is. */
function repeatsRow({ claims: { ttlMs, maxBytes } }: Settings): string {
  const most = Math.floor(maxBytes / BYTES_PER_CLAIM);
  const [hours, pace] = [ttlMs / HOUR_MS, most / (ttlMs / 1000)];
  return `repeats of an Idempotency-Key: counted once for ${Number(hours.toFixed(1))} h, up to ${most} batches (${pace.toPrecision(2)} a second)`;
}

function sourceRow(
  source: Source,
  { catalogue, conduct }: Settings,
): { text: string; series: number; most: number } {
  const { name, vendor, format, maxDevices, consumers } = source;
  const scope = scopeOf(source, catalogue);
  const names = { devices: maxDevices, consumers: consumers.map((one) => one.name) };
  const series = zeroSeries(catalogue, scope).length;
  const ofCallers = conduct.enabled ? conductZeroSeries(catalogue, scope).length : 0;
  const mostOfCallers = conduct.enabled ? conductSeriesBound(catalogue, scope, names) : 0;
  return {
    text: `  ${name}: vendor ${vendor}, format ${format}, ${series + ofCallers} series`,
    series: series + ofCallers,
    most: seriesBound(catalogue, scope, names) + mostOfCallers,
  };
}
