import { readFileSync } from 'node:fs';
import { startProgram } from './harness/child.js';
import { describeWith } from './harness/programs.js';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
/** Those of `npm run bench:check`. */
const FLAGS = scripts['bench:check']!.split(' ').filter((word) => word.startsWith('--'));

await describeWith(['redis-server'], 'bench:check', () => {
  it('counts no more work than its bounds allow', async () => {
    const node = { command: process.execPath, env: {} };
    const check = startProgram(node, [...FLAGS, 'dist/bench/check.js']);
    const { code } = await check.exited;
    expect({ code, problems: check.stderr }).toEqual({ code: 0, problems: '' });
    expect(check.stdout).toMatch(/\| bytes allocated a line, counted, combined \| \d/);
  }, 60_000);
});
