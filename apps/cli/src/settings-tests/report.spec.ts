import type { PlannedTest } from './planned-test.js';
import { report } from './report.js';

const plan = (name: string) => ({ file: 'a.yaml', line: 7, test: { name } }) as PlannedTest;

describe('the report of a test', () => {
  it('is a line if all is as expected', () => expect(report(plan('all well'), [])).toBe('ok    all well\n'));

  it('names file and line of a test that fails, and breaks what is longer than 100 columns', () => {
    const name = `statuslens_requests_total{${'label="value", '.repeat(8)}}`;
    const text = 'expected 2, is 1';
    const lines = report(plan('x'), [
      { of: 'line 1', name: 'verdict', text },
      { of: 'metric', name, text },
      { of: 'note', name: '', text: 'word '.repeat(40).trim() },
    ]).split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'FAIL  a.yaml:7 x',
      '        line 1      verdict       expected 2, is 1',
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines.join(' ').replace(/ +/g, ' ')).toContain(`${name} ${text}`);
  });

  it('lets no control character reach the terminal', () => {
    const evil = '\u001b[31m\u009b2J\u0007\r\nx';
    const text = report(plan(evil), [{ of: 'alert', name: evil, text: evil.repeat(20) }]);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text.split('\n')[0]).toBe('FAIL  a.yaml:7 \\x1b[31m\\x9b2J\\x07\\x0d\\x0ax');
  });
});
