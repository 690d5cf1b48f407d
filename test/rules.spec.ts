import { readFileSync, readdirSync } from 'node:fs';
import { parse } from 'yaml';
import { ALERTS } from '#monitoring';
import { startProgram } from './harness/child.js';
import { describeWith, testProgram } from './harness/programs.js';

const DIR = 'test/rules';
const RULES = 'deploy/prometheus/rules/statuslens.yml';
const FILES = readdirSync(DIR).sort();
/** It has no quiet side: its silence is what tells. */
const ALWAYS_FIRES = 'Watchdog';

/** A file of unit tests as promtool reads it, as far as this test looks at it. */
interface UnitTests {
  readonly rule_files: readonly string[];
  readonly tests: readonly {
    readonly name?: string;
    readonly alert_rule_test?: readonly { readonly alertname: string; readonly exp_alerts?: unknown }[];
  }[];
}

it('every alert has its file of tests, and every file its alert', () => {
  expect(FILES).toEqual(ALERTS.map(({ name }) => `${name}.yml`).sort());
});

describe.each(FILES)('%s', (file) => {
  const { rule_files, tests } = parse(readFileSync(`${DIR}/${file}`, 'utf8')) as UnitTests;
  const alert = file.replace(/\.yml$/, '');

  it('tests the generated rules, and every test says what it shows', () => {
    expect(rule_files).toEqual([`../../${RULES}`]);
    expect(tests.filter(({ name = '' }) => name === '')).toEqual([]);
  });

  it('has a test in which the alert fires, and one in which it stays quiet, if it ever is', () => {
    const expected = tests
      .flatMap(({ alert_rule_test = [] }) => alert_rule_test)
      .filter(({ alertname }) => alertname === alert)
      .map(({ exp_alerts }) => (Array.isArray(exp_alerts) ? exp_alerts.length : undefined));
    // left out, exp_alerts means an empty list too, but by chance
    expect(expected).not.toContain(undefined);
    expect({ fires: expected.some((n) => n! > 0), quiet: expected.includes(0) }).toEqual({
      fires: true,
      quiet: alert !== ALWAYS_FIRES,
    });
  });
});

await describeWith(['promtool'], 'promtool', () => {
  /** What it said if it found a fault. */
  const fault = async (...args: string[]): Promise<string> => {
    const promtool = startProgram(await testProgram('promtool'), args);
    return (await promtool.exited).code === 0 ? '' : promtool.output;
  };

  it('finds no fault in the rules', async () => {
    expect(await fault('check', 'rules', RULES)).toBe('');
  });

  it('passes every test of the alerts', async () => {
    const faults: string[] = [];
    const waiting = [...FILES];
    const runner = async (): Promise<void> => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
        faults.push(await fault('test', 'rules', `${DIR}/${file}`));
    };
    await Promise.all([runner(), runner()]);
    expect(faults.join('')).toBe('');
  }, 600_000);
});
