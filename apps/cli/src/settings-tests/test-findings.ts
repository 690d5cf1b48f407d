import type { Program } from '#programs';
import { ruleScopeOf } from '#settings';
import { alertFindings, missingAlerts } from './alert-findings.js';
import { alertNotes } from './alert-notes.js';
import { alertWorld, type Timing } from './alert-world.js';
import { countLog, type CountedLog } from './counted-log.js';
import type { Finding } from './finding.js';
import { judgementFindings } from './judgement-findings.js';
import { metricFindings } from './metric-findings.js';
import type { PlannedTest } from './planned-test.js';
import { PromtoolFailed, firingAlerts } from './promtool.js';
import type { ExpectedAlerts } from './test-file.js';

/** Windows need four samples at least, as the settings demand of the real Prometheus. */
const SCRAPES_PER_WINDOW = 5;

/**
 * Runs a test.
 * @param promtool undefined where there is none
 * @returns all that is not as expected; nothing if the test passes
 */
export async function testFindings(plan: PlannedTest, promtool: Program | undefined): Promise<Finding[]> {
  const { received, judgements, metrics, alerts } = plan.test;
  const counted = countLog(plan, received);
  const ofLines = [
    ...(judgements ? judgementFindings(judgements, counted.lines) : []),
    ...(metrics ? metricFindings(metrics, counted.samples) : []),
  ];
  return [
    ...ofLines,
    ...(ofLines.length > 0 ? formatNotes(counted) : []),
    ...(alerts ? await findingsOfAlerts(plan, alerts, counted, promtool) : []),
  ];
}

/** Lines are rejected most often because they are read as something else. */
const formatNotes = ({ lines, format }: CountedLog): Finding[] =>
  lines.some((line) => 'rejected' in line) ? [{ of: 'note', name: '', text: format }] : [];

async function findingsOfAlerts(
  plan: PlannedTest,
  expected: ExpectedAlerts,
  counted: CountedLog,
  promtool: Program | undefined,
): Promise<Finding[]> {
  if (!promtool) return [{ of: 'alerts', name: '', text: 'not tested: there is no promtool' }];
  const { windows } = plan.settings.objectives;
  const timing: Timing = {
    repeatMs: expected.repeat,
    forMs: expected.for ?? windows.long,
    scrapeMs: windows.short / SCRAPES_PER_WINDOW,
  };
  const series = alertWorld(counted, plan, timing);
  const firing = await firingAlerts(promtool, ruleScopeOf(plan.settings), series, timing);
  if (firing instanceof PromtoolFailed) return [{ of: 'alerts', name: '', text: firing.message }];
  return [
    ...alertFindings(expected, firing),
    ...(missingAlerts(expected.firing, firing).length > 0 ? alertNotes(counted, plan.settings, timing) : []),
  ];
}
