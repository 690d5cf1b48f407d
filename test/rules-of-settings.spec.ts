import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RULE_FORMATS, ruleGroups } from '#monitoring';
import { loadSettings, ruleScopeOf } from '#settings';
import { startProgram, type Child } from './harness/child.js';
import { describeWith, testProgram } from './harness/programs.js';

/** What test/rules cannot hold as text: it depends on the settings that rules are generated from. */
await describeWith(['promtool'], 'rules of settings of one’s own', () => {
  const dir = mkdtempSync(join(tmpdir(), 'statuslens-rules-'));
  const file = (name: string, content: object): string => {
    writeFileSync(join(dir, name), JSON.stringify(content)); // JSON is YAML
    return join(dir, name);
  };
  const settings = file('statuslens.yaml', {
    sources: { edge: { format: 'nginx-json', labels: { team: 'storage' } } },
  });
  const scope = ruleScopeOf(loadSettings(settings, {}));
  const rules = file('rules.json', RULE_FORMATS.prometheus(ruleGroups(scope)));
  const INFO =
    'statuslens_source_info{instance="exporter:9477", job="statuslens", source="edge", team="storage"}';
  const refused = (source: string): object => ({
    series: `statuslens_ingest_requests_total{instance="ingest:8080", protocol="http", source="${source}", code="401"}`,
    values: '0+1x60',
  });

  it.each<[string, string, object[], string[]]>([
    [
      'leave an exporter of the same revision alone',
      'RulesOutOfDate',
      [{ series: `statuslens_rules_info{revision="${scope.revision}"}`, values: '1x60' }],
      [],
    ],
    [
      'tell of one with another revision',
      'RulesOutOfDate',
      [{ series: 'statuslens_rules_info{revision="0123456789ab"}', values: '1x60' }],
      ['revision="0123456789ab", severity="ticket"'],
    ],
    [
      'give alerts the labels of their source, and tell of sources that the settings do not have',
      'IngestRefusing',
      [{ series: INFO, values: '1x60' }, refused('edge'), refused('unknown')],
      [
        'code="401", severity="ticket", source="edge", team="storage"',
        'code="401", severity="ticket", source="unknown"',
      ],
    ],
  ])('%s', async (_, alert, series, labels) => {
    const test = {
      rule_files: [rules],
      tests: [
        {
          interval: '1m',
          input_series: series,
          promql_expr_test: [
            {
              expr: `ALERTS{alertname="${alert}", alertstate="firing"}`,
              eval_time: '1h',
              exp_samples: labels.map((own) => ({
                labels: `ALERTS{alertname="${alert}", alertstate="firing", responsible="statuslens", ${own}}`,
                value: 1,
              })),
            },
          ],
        },
      ],
    };
    const promtool: Child = startProgram(await testProgram('promtool'), [
      'test',
      'rules',
      file('test.json', test),
    ]);
    expect([(await promtool.exited).code, promtool.output]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });
});
