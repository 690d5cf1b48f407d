import { parse } from './arguments.js';
import { UsageError } from './io.js';

/** What is kept by source is shown, or dropped: the arguments of commands that do either. @throws UsageError */
export function keptArguments(args: readonly string[]) {
  const { values, positionals } = parse(args, {
    source: { type: 'string' },
    json: { type: 'boolean', default: false },
    drop: { type: 'boolean', default: false },
    config: { type: 'string' },
  });
  if (positionals.length > 0) throw new UsageError(`unexpected argument "${positionals[0]}"`);
  if (values.json && values.drop) throw new UsageError('--json and --drop exclude each other');
  return values;
}
