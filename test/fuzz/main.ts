import { parseArgs } from 'node:util';
import { LOG_LINES } from './corpus.js';
import { fuzz } from './fuzz-run.js';
import { literal } from './shrink.js';
import { TARGETS } from './targets/index.js';
const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, inputs: { type: 'string', default: '10000' }, target: { type: 'string', default: '' } } });
for (const target of TARGETS.filter(({ name }) => name.startsWith(values.target))) {
  const o = await fuzz(target, { seed: Number(values.seed), inputs: Math.ceil(Number(values.inputs) * target.share / 100), strangers: LOG_LINES });
  console.log(o.target, o.inputs, o.seconds.toFixed(1), Math.round(o.inputs / o.seconds));
  if (o.failure) console.log(o.failure.message, '\n', literal(o.failure.input));
}
