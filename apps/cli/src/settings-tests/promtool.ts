import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, type Program } from '#programs';
import { RULE_FORMATS, ruleGroups, type RuleScope } from '#monitoring';
import type { InputSeries, Timing } from './alert-world.js';
import { firingAlertsIn, type FiringAlert } from './firing-alerts.js';

/** promtool is not there, or does not do what is asked of it; the message is for people. */
export class PromtoolFailed extends Error {}

/** The machine's own promtool, or one that is unpacked for this project; else a message that says how to get it. */
export const findPromtool = (): Promise<Program | PromtoolFailed> =>
  program('promtool').catch((error: Error) => new PromtoolFailed(error.message));

/**
 * The alerts that fire at any time while the series go on, by Prometheus's own evaluation of the generated rules.
 * promtool can only assert, so it is told that nothing fires, and says what does.
 */
export async function firingAlerts(
  promtool: Program,
  scope: RuleScope,
  series: readonly InputSeries[],
  timing: Timing,
): Promise<FiringAlert[] | PromtoolFailed> {
  const folder = await mkdtemp(join(tmpdir(), 'statuslens-test-'));
  try {
    // JSON is YAML
    await writeFile(join(folder, 'rules.json'), JSON.stringify(RULE_FORMATS.prometheus(ruleGroups(scope))));
    await writeFile(join(folder, 'test.json'), JSON.stringify(question(series, timing)));
    const printed = await run(promtool, ['test', 'rules', join(folder, 'test.json')]);
    return (
      firingAlertsIn(printed) ?? new PromtoolFailed(`promtool cannot evaluate the rules: ${printed.trim()}`)
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const question = (series: readonly InputSeries[], { scrapeMs, forMs }: Timing): object => ({
  rule_files: ['rules.json'],
  evaluation_interval: `${scrapeMs}ms`,
  tests: [
    {
      interval: `${scrapeMs}ms`,
      input_series: series,
      promql_expr_test: [
        {
          expr: `max_over_time(ALERTS{alertstate="firing"}[${forMs + scrapeMs}ms])`,
          eval_time: `${forMs}ms`,
          exp_samples: [],
        },
      ],
    },
  ],
});

const MUCH_OUTPUT = 16 * 1024 * 1024;

function run({ command, env }: Program, args: readonly string[]): Promise<string> {
  const options = { env: { ...process.env, ...env }, maxBuffer: MUCH_OUTPUT };
  return new Promise((resolve) => {
    execFile(command, args, options, (_, stdout, stderr) => resolve(`${stdout}${stderr}`));
  });
}
