import { SEVERITIES, type Alert } from './alert.js';
import { TOLD, alertingRule, description } from './alert-rule.js';
import { PromQL } from './promql.js';
import type { RuleScope } from './rule-scope.js';

/** The page that `runbook_url` of an alert leads to, as Markdown. */
export function runbook(alert: Alert, scope: RuleScope): string {
  const promql = new PromQL(scope);
  const rule = alertingRule(alert, promql);
  return [
    `# ${alert.name}`,
    '',
    `> ${plain(alert.summary)}`,
    '',
    plain(description(alert, promql)),
    '',
    '| | |',
    '|---|---|',
    `| severity | ${alert.severity}: ${SEVERITIES[alert.severity]} |`,
    `| responsible | ${responsible(alert)} |`,
    `| holds for | ${rule.for ?? 'at once'} |`,
    `| rests on | ${alert.restsOn} |`,
    '',
    ...howToSee(alert, promql),
    '## What to do',
    '',
    alert.action,
    '',
    ...howItMayBeWrong(alert),
    '## The rule',
    '',
    '```promql',
    rule.expr,
    '```',
    '',
    'Generated from `libs/monitoring`; tests in both directions: ' +
      `[${alert.name}.yml](../../test/rules/${alert.name}.yml).`,
    '',
  ].join('\n');
}

function howToSee({ toSee }: Alert, promql: PromQL): string[] {
  if (!toSee) return [];
  const { commands = [] } = toSee;
  return [
    '## How to see it',
    '',
    'On the dashboard *Retries*, or:',
    '',
    ...(commands.length > 0 ? ['```sh', ...commands, '```', ''] : []),
    '```promql',
    toSee.queries(promql).join('\n\n'),
    '```',
    '',
  ];
}

const howItMayBeWrong = ({ doubts }: Alert): string[] =>
  doubts === undefined
    ? []
    : [
        '## How it may be wrong',
        '',
        `${doubts} How often that is so: [what callers do next](../retries.md).`,
        '',
      ];

const responsible = ({ responsible: told }: Alert): string =>
  told === 'from the series'
    ? 'as the document says, from the label of the series'
    : `${told}: ${TOLD[told]}`;

/**
 * Templates as what stands for them: `{{ $labels.vendor }}` is *vendor*, `{{ $value | humanize }}` a number, and a list is
 * that of its label.
 */
const plain = (text: string): string =>
  text
    .replace(/\{\{ range .*?\{\{ \.Labels\.(\w+) \}\}\{\{ end \}\}/g, ' *$1*, …')
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, '*$1*')
    .replace(/\{\{ \$value[^}]*\}\}/g, '*N*');
