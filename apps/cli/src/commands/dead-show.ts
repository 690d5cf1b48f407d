import { maskSecrets, visibleText } from '#access-log';
import type { LogBatch } from '#batches';
import type { DeadBatch, DeadBatches } from '#ledger';
import { parse } from '../arguments.js';
import { columns } from '../columns.js';
import { UnreadableInput, UsageError, type ExitCode, type Io } from '../io.js';
import { inflatedHead } from '../payload-head.js';
import { instant } from '../units.js';
import { withRedis } from '../with-redis.js';

const OPTIONS = { raw: { type: 'boolean', default: false }, config: { type: 'string' } } as const;

/** What is read to show the beginning, and how much of that is shown. */
const READ_BYTES = 64 * 1024;
const SHOWN_BYTES = 1000;

/** `statuslens dead show`: why one died and how it begins, or all of its bytes. */
export async function show(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parse(args, OPTIONS);
  const [id, ...others] = positionals;
  if (id === undefined || others.length > 0) throw new UsageError('needs one id');
  if (values.raw && io.stdout.isTTY)
    throw new UsageError('--raw gives the bytes as they came: send them to a file or a pipe');
  return withRedis<ExitCode>(values.config, io, async ({ dead }) => {
    const batch = await dead.get(id);
    if (!batch) throw new UnreadableInput(`no dead batch ${visibleText(id)}`);
    io.stdout.write(values.raw ? await dead.payload(id) : await description(dead, batch));
    return 0;
  });
}

async function description(dead: DeadBatches<LogBatch>, batch: DeadBatch<LogBatch>): Promise<string> {
  const { id, source, reason, detail, encoding, bytes, keyed, receivedAt, diedAt } = batch;
  const rows = [
    ['id', id],
    ['source', source],
    ['reason', `${reason}: ${detail}`],
    ['received', `${instant(receivedAt)}${keyed ? ', with a key of its sender' : ''}`],
    ['died', instant(diedAt)],
    ['bytes', `${bytes}${encoding === 'identity' ? '' : `, ${encoding}`}`],
  ];
  const lines = columns(rows.map((row) => row.map(visibleText)));
  return [...lines, '', ...(await beginning(dead, batch)), ''].join('\n');
}

async function beginning(dead: DeadBatches<LogBatch>, { id, encoding }: LogBatch): Promise<string[]> {
  const stored = await dead.payload(id, READ_BYTES);
  if (stored.length === 0) return ['Its bytes were lost.'];
  const inflated = await inflatedHead(stored, encoding, SHOWN_BYTES);
  const head = inflated.length > 0 ? inflated : stored.subarray(0, SHOWN_BYTES);
  const how = inflated.length > 0 && encoding !== 'identity' ? ', inflated' : '';
  const lines = maskSecrets(head.toString()).trimEnd().split('\n');
  return [`Its beginning${how}, without secrets:`, ...lines.map((line) => `  ${visibleText(line)}`)];
}
