import type { Finding } from './finding.js';
import type { LineRead } from './line-record.js';
import type { ExpectedLine } from './test-file.js';

/** Where lines were not judged as expected. Only the keys that are expected are compared. */
export function judgementFindings(expected: readonly ExpectedLine[], lines: readonly LineRead[]): Finding[] {
  const findings = expected.flatMap((one, i) => lineFindings(one, lines[i], `line ${i + 1}`));
  const more = lines.slice(expected.length).map((line, i) => ({
    of: `line ${expected.length + i + 1}`,
    name: '',
    text: `not expected, is ${summary(line)}`,
  }));
  return [...findings, ...more];
}

function lineFindings(expected: ExpectedLine, line: LineRead | undefined, of: string): Finding[] {
  if (!line) return [{ of, name: '', text: `expected ${wish(expected)}, but the log has ended` }];
  if (kindOf(expected) !== kindOf(line))
    return [{ of, name: '', text: `expected ${wish(expected)}, is ${summary(line)}` }];
  return Object.entries(expected).flatMap(([key, wanted]) => {
    const is = said(line[key as keyof LineRead]);
    return said(wanted) === is ? [] : [{ of, name: key, text: `expected ${said(wanted)}, is ${is}` }];
  });
}

const kindOf = (line: ExpectedLine | LineRead): 'rejected' | 'ignored' | 'judged' =>
  'rejected' in line ? 'rejected' : 'ignored' in line ? 'ignored' : 'judged';

/** Flags in any order are the same flags. */
function said(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.length === 0 ? 'none' : [...(value as string[])].sort().join(', ');
}

const wish = (line: ExpectedLine): string =>
  Object.entries(line)
    .map(([key, value]) => `${key}: ${said(value)}`)
    .join(', ');

const summary = (line: LineRead): string =>
  'vendor' in line ? `${line.vendor} ${line.code} ${line.verdict}` : wish(line);
