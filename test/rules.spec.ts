import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ALERTS, PromQL } from '#monitoring';
import { loadSettings, ruleScopeOf } from '#settings';
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

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
}
interface Group {
  readonly name: string;
  readonly rules: readonly Rule[];
}
const { groups } = parse(readFileSync(RULES, 'utf8')) as { groups: readonly Group[] };

/**
 * The rules that a file of tests is about and those that they follow from. promtool evaluates whatever it is given, for
 * every moment of every test: all rules would take it minutes and change nothing.
 */
function rulesFor(tests: string): { groups: readonly Group[] } {
  let wanted = tests;
  const isWanted = ({ alert, record, expr }: Rule): boolean => {
    const found = record === undefined ? wanted.includes(`alertname: ${alert}\n`) : wanted.includes(record);
    if (found) wanted += expr;
    return found;
  };
  const kept = [...groups]
    .reverse()
    .map((group) => ({ ...group, rules: [...group.rules].reverse().filter(isWanted).reverse() }));
  return { groups: kept.reverse().filter(({ rules }) => rules.length > 0) };
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

  it('finds no fault in the queries of the runbooks', async () => {
    const promql = new PromQL(ruleScopeOf(loadSettings('statuslens.yaml', {})));
    const queries = ALERTS.flatMap(({ toSee }) => toSee?.queries(promql) ?? []);
    const rules = queries.map((expr, i) => ({ record: `query:${i}`, expr }));
    const file = join(mkdtempSync(join(tmpdir(), 'statuslens-rules-')), 'queries.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'queries', rules }] })); // JSON is YAML
    expect(queries.length).toBeGreaterThan(20);
    expect(await fault('check', 'rules', file)).toBe('');
  });

  it('passes every test of the alerts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'statuslens-rules-'));
    const copyOf = (file: string): string => {
      const tests = readFileSync(`${DIR}/${file}`, 'utf8');
      writeFileSync(join(folder, `rules-${file}`), stringify(rulesFor(tests)));
      writeFileSync(join(folder, file), tests.replace(`../../${RULES}`, `rules-${file}`));
      return join(folder, file);
    };
    const faults: string[] = [];
    const waiting = [...FILES];
    const runner = async (): Promise<void> => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
        faults.push(await fault('test', 'rules', copyOf(file)));
    };
    await Promise.all([runner(), runner()]);
    expect(faults.join('')).toBe('');
  }, 600_000);
});
