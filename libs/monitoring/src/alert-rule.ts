import { RESPONSIBLE } from '#catalogue';
import { SCRAPED_METRICS } from '#metric-names';
import type { Objectives } from './objectives.js';
import { MORE_RESPONSIBLE, type Alert, type Told } from './alert.js';
import { promDuration, type PromQL } from './promql.js';

/** An alerting rule as Prometheus reads it. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Who is told, and what that means. */
export const TOLD: Readonly<Record<Told, string>> = { ...RESPONSIBLE, ...MORE_RESPONSIBLE };

export function alertingRule(alert: Alert, promql: PromQL): AlertingRule {
  const { objectives } = promql.scope;
  const expression = alert.expression(promql);
  return {
    alert: alert.name,
    expr: alert.ofSource ? withLabelsOfSource(expression, promql) : expression,
    ...(alert.hold && { for: promDuration(held(alert.hold, objectives)) }),
    labels: {
      severity: alert.severity,
      ...(alert.responsible !== 'from the series' && { responsible: alert.responsible }),
    },
    annotations: {
      summary: alert.summary,
      description: description(alert, promql),
      action: alert.action,
      rests_on: alert.restsOn,
      runbook_url: `${objectives.runbooks}${alert.name}.md`,
      citation: alert.ofVendor ? citations(promql) : 'statuslens, docs/ARCHITECTURE.md',
    },
  };
}

export const description = ({ description: told }: Alert, promql: PromQL): string =>
  typeof told === 'string' ? told : told(promql);

const held = (hold: NonNullable<Alert['hold']>, { windows }: Objectives): number =>
  typeof hold === 'number' ? hold : windows[hold];

/**
 * Joins the labels that the settings give the source, so that alerts can be routed by team or service. Of requests to
 * sources that the settings do not have, counted as source "unknown", none are known, and they are told all the same.
 */
function withLabelsOfSource(expression: string, promql: PromQL): string {
  const { sourceLabels } = promql.scope;
  if (sourceLabels.length === 0) return expression;
  return `(
${expression.replace(/^/gm, '  ')}
)
* on (${promql.by('source')}) group_left (${sourceLabels.join(', ')})
(
  ${promql.value(SCRAPED_METRICS.sourceInfo, ['source', ...sourceLabels])}
  or on (${promql.by('source')})
  label_replace(${promql.value(SCRAPED_METRICS.sourceInfo, [])}, "source", "unknown", "", "")
)`;
}

/** The document of the vendor that the alert is about. */
function citations({ scope }: PromQL): string {
  const choices = scope.catalogue.files.map(
    ({ vendor, document: { title, section, revision } }, i) =>
      `{{ ${i === 0 ? 'if' : 'else if'} eq $labels.vendor "${vendor}" }}${title}, ${section} (${revision})`,
  );
  return `${choices.join('')}{{ else }}no document: the vendor of these requests is not known{{ end }}`;
}
