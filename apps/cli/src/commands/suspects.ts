import { visibleText } from '#access-log';
import type { Suspect } from '#conduct';
import { Ledger, Suspects } from '#ledger';
import { parseLedgerField } from '#metric-names';
import { jsonLine, type Command } from '../io.js';
import { keptArguments } from '../kept-arguments.js';
import { amount, instant } from '../units.js';
import { withRedis, type Reached } from '../with-redis.js';

/** How many writes of a source may have been done twice, and the newest of them. */
interface OfSource {
  readonly source: string;
  readonly count: number;
  readonly kept: readonly Suspect[];
}

type Sending = Suspect['first'];

/** The writes that may have been done twice. */
export const suspects: Command = {
  usage: 'statuslens suspects [--source S] [--json | --drop] [--config FILE]',
  about: 'shows writes of unknown outcome that were sent again and may have been done twice',
  async run(args, io) {
    const values = keptArguments(args);
    const found = await withRedis(values.config, io, async (reached) => {
      const bySource = await suspectsBySource(reached, values.source);
      if (values.drop) await drop(reached, bySource);
      return bySource;
    });
    if (values.drop) {
      const writes = found.reduce((sum, { kept }) => sum + kept.length, 0);
      io.stdout.write(`dropped ${amount(writes, 'write', 'writes')}; their counts stay\n`);
    } else io.stdout.write(values.json ? found.map(jsonOf).join('') : textOf(found));
    return 0;
  },
};

async function suspectsBySource({ redis, keys, settings }: Reached, only?: string): Promise<OfSource[]> {
  const counts = new Map<string, number>();
  for (const [field, count] of await new Ledger(redis, keys, settings.claims).read()) {
    const entry = parseLedgerField(field);
    const source = entry?.labels[0] ?? '';
    if (entry?.metric !== 'repeatedWrites' || (only ?? source) !== source) continue;
    counts.set(source, (counts.get(source) ?? 0) + count);
  }
  const lists = new Suspects<Suspect>(redis, keys);
  const found = [...counts].map(async ([source, count]) => ({ source, count, kept: await lists.of(source) }));
  return (await Promise.all(found)).sort((a, b) => a.source.localeCompare(b.source));
}

async function drop({ redis, keys }: Reached, found: readonly OfSource[]): Promise<void> {
  for (const { source } of found) await new Suspects(redis, keys).drop(source);
}

const jsonOf = ({ source, kept }: OfSource): string =>
  kept
    .map(({ first, again, ...suspect }) =>
      jsonLine({ source, ...suspect, first: withTime(first), again: withTime(again) }),
    )
    .join('');

/** Times for programs as for people. */
const withTime = (sent: Sending): object => ({ ...sent, at: instant(sent.at) });

function textOf(found: readonly OfSource[]): string {
  if (found.length === 0) return 'no write of unknown outcome was sent again\n';
  return found
    .map(({ source, count, kept }) =>
      [
        `${visibleText(source)}: ${amount(count, 'write', 'writes')} of unknown outcome sent again`,
        ...kept.flatMap(linesOf),
        '',
      ].join('\n'),
    )
    .join('\n');
}

function linesOf({
  vendor,
  device,
  method,
  path,
  consumer,
  caller,
  isKeyed,
  first,
  again,
}: Suspect): string[] {
  const where = device === '' ? vendor : `${vendor} ${device}`;
  const who = consumer === '' ? `caller ${caller}` : `${consumer}, caller ${caller}`;
  const keyed = isKeyed ? ', with an Idempotency-Key' : '';
  return [
    `  ${instant(again.at)}  ${method} ${path}`,
    `    ${where}, by ${who}${keyed}`,
    `    first ${sending(first)}`,
    `    again ${sending(again)}`,
  ].map(visibleText);
}

const sending = ({ at, code, requestId }: Sending): string =>
  `${code} at ${instant(at)}${requestId === '' ? '' : `, request ${requestId}`}`;
