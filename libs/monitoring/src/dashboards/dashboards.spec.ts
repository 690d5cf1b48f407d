import { readFileSync, readdirSync } from 'node:fs';
import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import {
  INGEST_METRICS,
  LEDGER_METRICS,
  SCRAPED_METRICS,
  WORKER_METRICS,
  type MetricDefinition,
} from '#metric-names';
import { dashboardScopeOf, loadSettings } from '#settings';
import { ruleGroups } from '../rule-groups.js';
import { DASHBOARDS } from './index.js';
import { ACTION_COLORS, RESPONSIBLE_COLORS, VERDICT_COLORS } from './palettes.js';
import { TRUST } from './trust-strip.js';

const settings = loadSettings('statuslens.yaml', {});
const scope = {
  ...dashboardScopeOf(settings, ['cluster']),
  logLinks: [
    {
      source: 'gateway',
      url: 'https://loki.example/?q={vendor="{vendor}",code="{code}"}&from={from}&to={to}',
    },
    { source: 'edge', url: 'https://kibana.example/{vendor}?from={from}' },
  ],
};
const drawn = Object.entries(DASHBOARDS).map(([name, draw]): [string, Dashboard] => [name, draw(scope)]);

const everything = ({ panels = [] }: Dashboard): (Panel | RowPanel)[] => panels;
const panelsOf = (dashboard: Dashboard): Panel[] =>
  everything(dashboard).filter((panel): panel is Panel => panel.type !== 'row');
const targetsOf = ({ targets = [] }: Panel): Dataquery[] => targets as unknown as Dataquery[];
const all = drawn.flatMap(([name, dashboard]) =>
  panelsOf(dashboard).map((panel): [string, Panel] => [`${name}: ${panel.title}`, panel]),
);
const expressions = all.flatMap(([where, panel]) =>
  targetsOf(panel).map(({ refId, expr }): [string, string] => [`${where} ${refId}`, expr]),
);
const offenders = (broken: (panel: Panel) => boolean): string[] =>
  all.filter(([, panel]) => broken(panel)).map(([where]) => where);

describe('every panel', () => {
  it('says what it shows, in which unit', () => {
    expect(offenders(({ title }) => !title)).toEqual([]);
    expect(offenders(({ description = '' }) => !/^[A-Z].{20,}[.:]/s.test(description))).toEqual([]);
    expect(offenders(({ fieldConfig }) => !fieldConfig?.defaults.unit)).toEqual([]);
  });

  it('asks the chosen Prometheus, with queries named A, B and so on', () => {
    const datasource = { type: 'prometheus', uid: '${datasource}' };
    expect(offenders((panel) => targetsOf(panel).length === 0)).toEqual([]);
    for (const [, panel] of all) {
      expect(panel.datasource).toEqual(datasource);
      targetsOf(panel).forEach((target, i) =>
        expect(target).toMatchObject({ refId: String.fromCharCode(65 + i), datasource }),
      );
    }
  });

  it('has the same colour for the same word', () => {
    const colors = new Map<string, Set<string>>();
    for (const [name, color] of all.flatMap(([, panel]) =>
      colorTables(panel).flatMap(Object.entries<string>),
    ))
      colors.set(name, (colors.get(name) ?? new Set()).add(color));
    expect([...colors].filter(([, used]) => used.size > 1)).toEqual([]);
    expect(Object.keys(VERDICT_COLORS).filter((verdict) => !colors.has(verdict))).toEqual([]);
  });

  it.each([
    ['verdict', VERDICT_COLORS],
    ['responsible', RESPONSIBLE_COLORS],
    ['action', ACTION_COLORS],
  ])('that tells %s apart has all their colours', (label, palette) => {
    const telling = all.filter(([, panel]) => seriesOrColumnsAre(label, panel));
    expect(telling.length).toBeGreaterThan(1);
    for (const [where, panel] of telling)
      expect([where, colorTables(panel)[0]]).toEqual([where, expect.objectContaining(palette)]);
  });
});

const seriesOrColumnsAre = (label: string, panel: Panel): boolean =>
  targetsOf(panel).some(({ legendFormat }) => legendFormat === `{{${label}}}`) ||
  (panel.transformations ?? []).some(
    ({ options }) => (options as { columnField?: string }).columnField === label,
  );

/** Colours by name: those of series or columns, and those of the values in a column. */
function colorTables({ fieldConfig }: Panel): Record<string, string>[] {
  const byName = fieldConfig!.overrides.flatMap(({ matcher, properties }) => {
    const color = properties.find(({ id }) => id === 'color') as
      { value: { fixedColor: string } } | undefined;
    return color ? [[String(matcher.options), color.value.fixedColor] as const] : [];
  });
  const byValue = fieldConfig!.overrides.flatMap(({ properties }) =>
    properties
      .filter(({ id }) => id === 'mappings')
      .map(({ value }) => {
        const [{ options }] = value as [{ options: Record<string, { color?: string }> }];
        return Object.fromEntries(
          Object.entries(options).flatMap(([key, { color }]) => (color ? [[key, color]] : [])),
        );
      }),
  );
  return [Object.fromEntries(byName), ...byValue].filter((table) => Object.keys(table).length > 0);
}

describe.each(drawn)('%s', (_, dashboard) => {
  it('numbers its panels and lays them without overlap or empty line', () => {
    const ids = everything(dashboard).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, i) => i + 1));
    const cells = everything(dashboard).flatMap(({ gridPos }) => cellsOf(gridPos!));
    expect(new Set(cells).size).toBe(cells.length);
    const bottom = Math.max(...everything(dashboard).map(({ gridPos }) => gridPos!.y + gridPos!.h));
    expect(cells).toHaveLength(24 * bottom);
  });

  it('begins with whether it can be trusted', () => {
    const [row, ...strip] = everything(dashboard);
    expect(row).toMatchObject({ type: 'row', title: TRUST });
    const asked = strip.slice(0, 4).flatMap((panel) => targetsOf(panel as Panel).map(({ expr }) => expr));
    for (const { name } of [
      LEDGER_METRICS.lastEvent,
      LEDGER_METRICS.delay,
      LEDGER_METRICS.lines,
      LEDGER_METRICS.evidence,
    ])
      expect(asked.join('\n')).toContain(name);
    const noNumber = { type: 'special', options: { match: 'null+nan', result: { text: 'not measurable' } } };
    expect(strip[3]).toMatchObject({ fieldConfig: { defaults: { mappings: [noNumber] } } });
  });

  it('offers Prometheus, the labels that it adds, source and vendor', () => {
    const list = dashboard.templating.list!;
    expect(list.map(({ name }) => name)).toEqual(['datasource', 'cluster', 'source', 'vendor']);
    for (const variable of list.slice(1))
      expect(variable).toMatchObject({ type: 'query', multi: true, includeAll: true, allValue: '.*' });
  });

  it('marks what statuslens itself went through', () => {
    const marks = dashboard.annotations.list!;
    expect(marks.map(({ name }) => name)).toEqual(['Documents', 'Version', 'Settings of rules', 'Reload']);
    for (const { expr, target } of marks) {
      expect((target as unknown as Dataquery).expr).toBe(expr);
      expect(unknownNames(expr!)).toEqual([]);
    }
  });

  it('links to the others, and to logs whose address needs no status', () => {
    expect(dashboard.links).toMatchObject([
      { type: 'dashboards', tags: ['statuslens'], includeVars: true, keepTime: true },
      { title: 'Logs of edge', url: 'https://kibana.example/${vendor:pipe}?from=${__from}' },
    ]);
    expect(dashboard).toMatchObject({
      tags: ['statuslens'],
      uid: expect.stringMatching(/^statuslens-/) as string,
    });
  });
});

const cellsOf = ({ x, y, w, h }: { x: number; y: number; w: number; h: number }): string[] =>
  Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`);

it('panels of statuses link to their explanation and to the logs of every source', () => {
  const linked = all.filter(([, panel]) => panel.fieldConfig?.defaults.links);
  expect(linked.length).toBeGreaterThan(5);
  for (const [where, { type, fieldConfig }] of linked) {
    const value = (label: string) =>
      type === 'table' ? `\${__data.fields.${label}}` : `\${__field.labels.${label}}`;
    const [vendor, code] = [value('vendor'), value('code')];
    expect([where, fieldConfig!.defaults.links!.map(({ url }) => url)]).toEqual([
      where,
      [
        `http://localhost:9477/explain/${vendor}/${code}`,
        `https://loki.example/?q={vendor="${vendor}",code="${code}"}&from=\${__from}&to=\${__to}`,
        `https://kibana.example/${vendor}?from=\${__from}`,
      ],
    ]);
  }
});

it('the table of documented statuses has the name and meaning of every one', () => {
  const panel = all.find(([where]) => where === 'vendor: Documented statuses')![1];
  const texts = (column: string): Record<string, { text: string }> =>
    (
      panel
        .fieldConfig!.overrides.find(({ matcher }) => matcher.options === column)!
        .properties.find(({ id }) => id === 'mappings')!.value as [
        { options: Record<string, { text: string }> },
      ]
    )[0].options;
  const [names, meanings] = [texts('name'), texts('meaning')];
  for (const { vendor, statuses } of scope.catalogue.files)
    for (const [code, { name, meaning }] of Object.entries(statuses)) {
      expect(names[`${vendor}/${code}`]!.text).toBe(name);
      expect(meanings[`${vendor}/${code}`]!.text).toContain(meaning);
    }
});

describe('every query', () => {
  it('names only metrics and recording rules that there are', () => {
    expect(expressions.length).toBeGreaterThan(60);
    const unknown = expressions.map(([where, expr]) => [where, unknownNames(expr)] as const);
    expect(unknown.filter(([, names]) => names.length > 0)).toEqual([]);
  });

  it('would notice one that is not there', () => {
    expect(unknownNames('sum by (x) (rate(statuslens_nonsense_total{a="b"}[5m])) > 0')).toEqual([
      'statuslens_nonsense_total',
    ]);
  });

  it('takes the largest of what several exporters show before it adds anything up', () => {
    const alone = expressions.map(([where, expr]) => [where, sharedMetrics(expr)] as const);
    expect(alone.filter(([, rest]) => rest.length > 0)).toEqual([]);
  });

  it('is about what is chosen', () => {
    const deaf = expressions.filter(([, expr]) => !expr.includes('cluster=~"$cluster"'));
    // all batches or none: the queue has no sources
    expect(deaf.map(([where]) => where)).toEqual(['pipeline: Batches that do not add up A']);
    const selectors = expressions.flatMap(([where, expr]) =>
      [...expr.matchAll(/([\w:]+)\{([^}]*cluster[^}]*)\}/g)].map(([, name, matchers]) => ({
        where: `${where} ${name}`,
        matched: ['source', 'vendor'].filter((label) => matchers!.includes(`${label}=~"$${label}"`)),
        labels: ['source', 'vendor'].filter((label) => hasLabel(name!, label)),
      })),
    );
    expect(selectors.filter(({ matched, labels }) => matched.join() !== labels.join())).toEqual([]);
  });
});

const hasLabel = (name: string, label: string): boolean =>
  RECORDED.includes(name) || metricNamed(name)!.labels.includes(label);

const METRICS: readonly MetricDefinition[] = [
  LEDGER_METRICS,
  SCRAPED_METRICS,
  INGEST_METRICS,
  WORKER_METRICS,
].flatMap((metrics) => Object.values(metrics) as MetricDefinition[]);
const OF_A_PROCESS: readonly string[] = [INGEST_METRICS, WORKER_METRICS].flatMap((metrics) =>
  Object.values(metrics).flatMap(namesOf),
);
const RECORDED = ruleGroups(scope).flatMap(({ rules }) =>
  rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])),
);
const KNOWN = new Set([...METRICS.flatMap(namesOf), ...RECORDED, 'process_start_time_seconds']);

function namesOf({ name, type }: MetricDefinition): string[] {
  return type === 'histogram' ? ['_bucket', '_count', '_sum'].map((suffix) => name + suffix) : [name];
}

const metricNamed = (name: string): MetricDefinition | undefined =>
  METRICS.find((metric) => namesOf(metric).includes(name));

/** Words of an expression that are neither labels, values, functions nor operators. */
const unknownNames = (expr: string): string[] =>
  [...new Set(namesIn(expr))].filter((name) => !KNOWN.has(name));

function namesIn(expr: string): string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, '')
    .replace(/\boffset\s+\S+/g, '')
    .replace(/\$\w+/g, '');
  return [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => !/^(and|or|unless|bool|by|NaN)$/.test(name));
}

/** Metrics of the ledger, which every exporter shows, outside of `max without (instance, pod)` and `max by`. */
function sharedMetrics(expr: string): string[] {
  const taken = expr
    .replace(/"[^"]*"/g, '""')
    .replace(/max without \(instance, pod\) \((\w+)(\{[^}]*\})?\)/g, '')
    .replace(/max without \(instance, pod\) \(\w+\(\w+(\{[^}]*\})?\[[^\]]*\]\)\)/g, '')
    .replace(/max by \([^)]*\) \(\w+(\{[^}]*\})?\)/g, '');
  return namesIn(taken).filter(
    (name) => KNOWN.has(name) && !RECORDED.includes(name) && !OF_A_PROCESS.includes(name),
  );
}

it('what is committed is what is drawn of the shipped settings', () => {
  const folder = 'deploy/grafana/provisioning/dashboards/statuslens';
  const committed = Object.fromEntries(
    readdirSync(folder).map((file) => [
      file.replace('.json', ''),
      JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Dashboard,
    ]),
  );
  const shipped = dashboardScopeOf(settings);
  expect(committed).toEqual(
    Object.fromEntries(Object.entries(DASHBOARDS).map(([name, draw]) => [name, draw(shipped)])),
  );
});

it('a dashboard is JSON and nothing else', () => {
  for (const [, dashboard] of drawn) expect(JSON.parse(JSON.stringify(dashboard))).toStrictEqual(dashboard);
});
