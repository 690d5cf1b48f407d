import { SEVERITIES, type Alert } from './alert.js';
import { TOLD, alertingRule } from './alert-rule.js';
import { PromQL } from './promql.js';
import type { RuleScope } from './rule-scope.js';

/** The page that `runbook_url` of an alert leads to, as Markdown. */
export function runbook(alert: Alert, scope: RuleScope): string {
  const rule = alertingRule(alert, new PromQL(scope));
  return [
    `# ${alert.name}`,
    '',
    `> ${plain(alert.summary)}`,
    '',
    plain(alert.description),
    '',
    '| | |',
    '|---|---|',
    `| severity | ${alert.severity}: ${SEVERITIES[alert.severity]} |`,
    `| responsible | ${responsible(alert)} |`,
    `| holds for | ${rule.for ?? 'at once'} |`,
    `| rests on | ${alert.restsOn} |`,
    '',
    '## What to do',
    '',
    alert.action,
    '',
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

const responsible = ({ responsible: told }: Alert): string =>
  told === 'from the series'
    ? 'as the document says, from the label of the series'
    : `${told}: ${TOLD[told]}`;

/** Templates as what stands for them: `{{ $labels.vendor }}` is *vendor*, `{{ $value | humanize }}` a number. */
const plain = (text: string): string =>
  text.replace(/\{\{ \$labels\.(\w+) \}\}/g, '*$1*').replace(/\{\{ \$value[^}]*\}\}/g, '*N*');
