import { visible } from '../visible.js';
import { wrapped } from '../wrapped.js';
import type { Finding } from './finding.js';
import type { PlannedTest } from './planned-test.js';

const WIDTH = 100;
const INDENT = 8;
const OF_WIDTH = 12;
/** As wide as the longest key of a judgement. */
const NAME_WIDTH = 11;
const START = ' '.repeat(INDENT + OF_WIDTH);

/** How a test went, for people, within 100 columns; nothing of the files reaches the terminal raw. */
export function report(
  { file, line, test }: Pick<PlannedTest, 'file' | 'line' | 'test'>,
  findings: readonly Finding[],
): string {
  const title = findings.length > 0 ? `FAIL  ${file}:${line} ${test.name}` : `ok    ${test.name}`;
  return [visible(title), ...findings.flatMap(rows), ''].join('\n');
}

function rows({ of, name, text }: Finding): string[] {
  const label = `${' '.repeat(INDENT)}${of.padEnd(OF_WIDTH)}`;
  const what = visible(name === '' ? text : `${name.padEnd(NAME_WIDTH)}   ${text}`);
  if (label.length + what.length <= WIDTH) return [`${label}${what}`];
  const parts = name === '' ? [text] : [name, text];
  const lines = parts.flatMap((part) => wrapped(visible(part), WIDTH - START.length));
  return lines.map((one, i) => `${i === 0 ? label : START}${one}`);
}
