import { describeMistake, type Mistake } from '#catalogue';
import { parse } from '../arguments.js';
import { UsageError, type Command, type Io } from '../io.js';
import { knownSettings } from '../known-settings.js';
import { plannedTests, type PlannedTest } from '../settings-tests/planned-test.js';
import { PromtoolFailed, findPromtool } from '../settings-tests/promtool.js';
import { report } from '../settings-tests/report.js';
import { testFindings } from '../settings-tests/test-findings.js';
import { visible } from '../visible.js';

/** Whether log lines are judged, counted and alerted on as the user expects of the settings. */
export const test: Command = {
  usage: 'statuslens test [--config FILE] FILE.yaml…',
  about: 'tests settings: log lines, and the judgements, metrics and alerts you expect of them',
  async run(args, io) {
    const { values, positionals: files } = parse(args, { config: { type: 'string' } });
    if (files.length === 0) throw new UsageError('needs a file of tests');
    const plans = files.map((file) =>
      plannedTests(file, (config) => knownSettings(values.config ?? config, io)),
    );
    const mistakes = plans.flat().filter(isMistake);
    if (mistakes.length === 0) return runAll(plans.flat() as PlannedTest[], io);
    io.stderr.write(`${mistakes.map((one) => visible(describeMistake(one))).join('\n')}\n`);
    return 1;
  },
};

const isMistake = (one: PlannedTest | Mistake): one is Mistake => 'message' in one;

async function runAll(plans: readonly PlannedTest[], io: Io): Promise<0 | 1> {
  const promtool = plans.some((plan) => plan.test.alerts) ? await findPromtool() : undefined;
  let failed = 0;
  for (const plan of plans) {
    const findings = await testFindings(plan, promtool instanceof PromtoolFailed ? undefined : promtool);
    if (findings.length > 0) failed++;
    io.stdout.write(report(plan, findings));
  }
  io.stdout.write(`${plans.length - failed} passed, ${failed} failed\n`);
  if (promtool instanceof PromtoolFailed) io.stderr.write(`${promtool.message}\n`);
  return failed > 0 ? 1 : 0;
}
