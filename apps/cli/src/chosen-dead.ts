import type { LogBatch } from '#batches';
import type { DeadBatch, DeadBatches } from '#ledger';
import { parse } from './arguments.js';
import { UsageError } from './io.js';

/** Which dead batches a command is about. */
export interface Choice {
  readonly ids: readonly string[];
  /** Set where ids are not named one by one. */
  readonly source: string | undefined;
  readonly config: string | undefined;
}

const OPTIONS = {
  source: { type: 'string' },
  all: { type: 'boolean', default: false },
  config: { type: 'string' },
} as const;

/** @throws UsageError unless it is said in one way which ones */
export function parseChoice(args: readonly string[]): Choice {
  const { values, positionals: ids } = parse(args, OPTIONS);
  const { source, all, config } = values;
  const ways = [ids.length > 0, source !== undefined, all].filter(Boolean).length;
  if (ways !== 1)
    throw new UsageError(`needs ids, --source or --all${ways > 1 ? ', and only one of them' : ''}`);
  return { ids, source, config };
}

/**
 * The chosen ones that are there, as they were when it began: a batch that dies again meanwhile is not among them.
 * @param absent told of each named one that is not there
 */
export async function* chosen(
  dead: DeadBatches<LogBatch>,
  { ids, source }: Choice,
  absent: (id: string) => void,
): AsyncGenerator<DeadBatch<LogBatch>> {
  if (ids.length === 0) {
    for await (const batch of dead.list()) if (source === undefined || batch.source === source) yield batch;
    return;
  }
  for (const id of ids) {
    const batch = await dead.get(id);
    if (batch) yield batch;
    else absent(id);
  }
}
