// @ts-check
// Fails if a generated file, named as an argument, is not committed as it was just written.
import { execFileSync } from 'node:child_process';
import { root } from './root.mjs';
import { say } from './say.mjs';

const files = process.argv.slice(2);
const differing = execFileSync('git', ['status', '--porcelain', '--', ...files], {
  cwd: root,
  encoding: 'utf8',
});
if (differing !== '') {
  execFileSync('git', ['--no-pager', 'diff', '--', ...files], { cwd: root, stdio: 'inherit' });
  say(`generated files are not committed as they are written today; run npm run generate:\n${differing}`);
  process.exitCode = 1;
}
