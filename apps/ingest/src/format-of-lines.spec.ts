import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FORMAT_NAMES, detectFormat } from '#access-log';
import { formatOfLines } from './format-of-lines.js';

const LOGS = 'libs/access-log/test-data';
const LINES = readdirSync(LOGS)
  .filter((name) => name.endsWith('.log'))
  .flatMap((name) => readFileSync(join(LOGS, name), 'utf8').split('\n').slice(0, 40));

const asDetected = (body: string): void => {
  const bytes = Buffer.from(body);
  expect({ body, format: formatOfLines(bytes) }).toEqual({ body, format: detectFormat(bytes)?.format });
};

describe('the format of a small body', () => {
  it('is asked in the order of detection', () => {
    expect(FORMAT_NAMES[0]).toBe('nginx-json');
  });

  it('is what would be detected, whatever the line', () => {
    expect(LINES.length).toBeGreaterThan(100);
    for (const line of LINES) asDetected(line);
  });

  it.each([
    { change: 'cut short', of: (line: string) => line.slice(0, line.length - 20) },
    { change: 'between blanks', of: (line: string) => `\n \t${line} \r\n` },
    { change: 'behind text', of: (line: string) => `, ${line}` },
    { change: 'before an object', of: (line: string) => `${line}{"status":200}` },
    { change: 'in what a shipper makes of it', of: (line: string) => JSON.stringify({ log: `${line}\n` }) },
    { change: 'beside another', of: (line: string) => `${line}\n${LINES[7]}\n` },
  ])('is what would be detected of a line that is $change', ({ of }) => {
    for (const line of LINES.filter((_, i) => i % 9 === 0)) asDetected(of(line));
  });
});
