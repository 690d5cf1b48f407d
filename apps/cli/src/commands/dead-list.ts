import { visibleText } from '#access-log';
import type { LogBatch } from '#batches';
import type { DeadBatch } from '#ledger';
import { parse } from '../arguments.js';
import { chosen } from '../chosen-dead.js';
import { columns } from '../columns.js';
import { UsageError, jsonLine, type ExitCode, type Io } from '../io.js';
import { amount, instant } from '../units.js';
import { withRedis } from '../with-redis.js';

const OPTIONS = {
  source: { type: 'string' },
  json: { type: 'boolean', default: false },
  config: { type: 'string' },
} as const;
const HEADINGS = ['id', 'source', 'reason', 'bytes', 'died'];

/** `statuslens dead list`: the oldest first. */
export async function list(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parse(args, OPTIONS);
  if (positionals.length > 0) throw new UsageError(`unexpected argument "${positionals[0]}"`);
  const { source, json, config } = values;
  await withRedis(config, io, async ({ dead }) => {
    const found = chosen(dead, { ids: [], source, config }, () => {});
    const rows: string[][] = [];
    let bytes = 0;
    for await (const batch of found) {
      bytes += batch.bytes;
      if (json) io.stdout.write(jsonLine(withTimes(batch)));
      else rows.push(rowOf(batch));
    }
    if (!json) io.stdout.write(`${table(rows, bytes).join('\n')}\n`);
  });
  return 0;
}

/** Times for programs as for people. */
const withTimes = (batch: DeadBatch<LogBatch>): object => ({
  ...batch,
  receivedAt: instant(batch.receivedAt),
  diedAt: instant(batch.diedAt),
});

const rowOf = ({ id, source, reason, bytes, diedAt }: DeadBatch<LogBatch>): string[] =>
  [id, source, reason, String(bytes), instant(diedAt)].map(visibleText);

const table = (rows: string[][], bytes: number): string[] =>
  rows.length === 0
    ? ['no dead batches']
    : [
        ...columns([HEADINGS, ...rows], new Set([HEADINGS.indexOf('bytes')])),
        '',
        `${amount(rows.length, 'dead batch', 'dead batches')} of ${bytes} bytes`,
      ];
