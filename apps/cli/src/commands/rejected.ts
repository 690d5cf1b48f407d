import { visibleText } from '#access-log';
import { Ledger, RejectedLines, type RejectedLine } from '#ledger';
import { parseLedgerField } from '#metric-names';
import { jsonLine, type Command } from '../io.js';
import { keptArguments } from '../kept-arguments.js';
import { amount, instant } from '../units.js';
import { withRedis, type Reached } from '../with-redis.js';

/** How often lines of a source were rejected for a reason, and a few of them. */
interface Rejected {
  readonly source: string;
  readonly reason: string;
  readonly count: number;
  readonly samples: readonly RejectedLine[];
}

/** The lines that could not be read. */
export const rejected: Command = {
  usage: 'statuslens rejected [--source S] [--json | --drop] [--config FILE]',
  about: 'tells how many lines could not be read and why, and shows a few of them',
  async run(args, io) {
    const values = keptArguments(args);
    const found = await withRedis(values.config, io, async (reached) => {
      const lines = await rejectedLines(reached, values.source);
      return values.drop ? dropped(reached, lines) : lines;
    });
    if (values.drop) {
      const lines = found.reduce((sum, { samples }) => sum + samples.length, 0);
      io.stdout.write(`dropped ${amount(lines, 'line', 'lines')}; their counts stay\n`);
      return 0;
    }
    io.stdout.write(values.json ? found.map(jsonOf).join('') : textOf(found));
    return 0;
  },
};

/** By source, the most frequent reason first. */
async function rejectedLines({ redis, keys, settings }: Reached, only?: string): Promise<Rejected[]> {
  const counters = await new Ledger(redis, keys, settings.claims).read();
  const lines = new RejectedLines(redis, keys);
  const found: Rejected[] = [];
  for (const [field, count] of counters) {
    const entry = parseLedgerField(field);
    if (entry?.metric !== 'rejected') continue;
    const [source, reason] = entry.labels as [string, string];
    if (only !== undefined && source !== only) continue;
    found.push({ source, reason, count, samples: await lines.of(source, reason) });
  }
  return found.sort(
    (a, b) => a.source.localeCompare(b.source) || b.count - a.count || a.reason.localeCompare(b.reason),
  );
}

async function dropped({ redis, keys }: Reached, found: Rejected[]): Promise<Rejected[]> {
  const lines = new RejectedLines(redis, keys);
  for (const { source, reason } of found) await lines.drop(source, reason);
  return found;
}

const jsonOf = ({ samples, ...counted }: Rejected): string =>
  jsonLine({ ...counted, samples: samples.map(({ at, line }) => ({ at: instant(at), line })) });

function textOf(found: readonly Rejected[]): string {
  if (found.length === 0) return 'no rejected lines\n';
  return found
    .map(({ source, reason, count, samples }) =>
      [
        `${visibleText(source)}: ${amount(count, 'line', 'lines')} rejected as ${visibleText(reason)}`,
        ...samples.map(({ at, line }) => `  ${instant(at)}  ${visibleText(line)}`),
        '',
      ].join('\n'),
    )
    .join('\n');
}
