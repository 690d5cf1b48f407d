import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
  type DataSourceRef,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type DynamicConfigValue,
  type GridPos,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import {
  CellValuesBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder as Heatmap,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Timeseries } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Palette } from './palettes.js';
import type { Query } from './query.js';
import { DATASOURCE } from './variables.js';

/** What every panel says of itself. */
export interface About {
  readonly title: string;
  readonly description: string;
  /** An id of Grafana's units. */
  readonly unit: string;
  /** Colours by the names of series. */
  readonly colors?: Palette;
  /** What stands there without data. */
  readonly noValue?: string;
}

/** What builders of panels have in common. */
export interface AnyPanel extends Builder<Panel> {
  id(id: number): this;
  gridPos(position: GridPos): this;
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: DataSourceRef): this;
  withTarget(target: DataqueryBuilder): this;
  unit(unit: string): this;
  noValue(text: string): this;
  overrideByName(name: string, properties: DynamicConfigValue[]): this;
}

/** How a query is asked: over time, at its end as series or as rows, or as buckets over time. */
export type Shape = 'over time' | 'at the end' | 'rows' | 'buckets';

/** Gives a panel its texts and queries. */
export function told<P extends AnyPanel>(
  panel: P,
  { title, description, unit, colors = {}, noValue }: About,
  shape: Shape,
  queries: readonly Query[],
): P {
  panel.title(title).description(description).datasource(DATASOURCE).unit(unit);
  if (noValue !== undefined) panel.noValue(noValue);
  queries.forEach((query, i) => panel.withTarget(target(query, shape, refIdOf(i))));
  for (const [name, color] of Object.entries(colors)) panel.overrideByName(name, [fixedColor(color)]);
  return panel;
}

/** Lines over time. */
export const lines = (about: About, ...queries: Query[]): Timeseries =>
  told(graph(), about, 'over time', queries).lineWidth(1).fillOpacity(8);

/** Bars on top of each other, for what is rare and adds up. */
export const bars = (about: About, ...queries: Query[]): Timeseries =>
  told(graph(), about, 'over time', queries)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));

/** Areas on top of each other. */
export const areas = (about: About, ...queries: Query[]): Timeseries =>
  lines(about, ...queries)
    .fillOpacity(40)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));

/** Buckets of a histogram over time. @param about its unit is that of the bounds */
export const heatmap = (about: About, query: Query): Heatmap =>
  told(
    new Heatmap()
      .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(64))
      .yAxis(new YAxisConfigBuilder().unit(about.unit))
      .cellValues(new CellValuesBuilder().unit('reqps')),
    about,
    'buckets',
    [query],
  );

/** One big value for each series, as of the end of the time range. */
export const values = (about: About, ...queries: Query[]): Stat =>
  told(new Stat(), about, 'at the end', queries)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .textMode(BigValueTextMode.ValueAndName);

/** The colour `base`, and others from certain values on, which ascend. */
export const thresholds = (
  base: string,
  ...steps: [from: number, color: string][]
): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: base }, ...steps.map(([value, color]) => ({ value, color }))]);

/** Draws thresholds as dashed lines. */
export const dashed = (): GraphThresholdsStyleConfigBuilder =>
  new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed);

export const fixedColor = (color: string): DynamicConfigValue => ({
  id: 'color',
  value: { mode: FieldColorModeId.Fixed, fixedColor: color },
});

const graph = (): Timeseries =>
  new Timeseries()
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));

const refIdOf = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

function target({ expr, legend }: Query, shape: Shape, refId: string): DataqueryBuilder {
  const query = new DataqueryBuilder().refId(refId).datasource(DATASOURCE).expr(expr);
  if (legend !== undefined) query.legendFormat(legend);
  if (shape === 'at the end') return query.instant();
  if (shape === 'rows') return query.instant().format(PromQueryFormat.Table);
  if (shape === 'buckets') return query.range().format(PromQueryFormat.Heatmap);
  return query.range();
}
