import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import type { Palette } from './palettes.js';
import { fixedColor, told, type About } from './panel.js';
import type { Query } from './query.js';

/** A column of values: what a query finds for each row. */
export interface Column extends Query {
  readonly name: string;
  /** Where it differs from the unit of the table. */
  readonly unit?: string;
}

/**
 * A row for each combination of labels, sorted by its first value.
 * @param labels columns that name the row, in their order
 */
export function table(about: About, labels: readonly string[], ...columns: Column[]): Table {
  const panel = told(new Table(), about, 'rows', columns);
  const valueNames = columns.map((_, i) =>
    columns.length === 1 ? 'Value' : `Value #${String.fromCharCode('A'.charCodeAt(0) + i)}`,
  );
  if (columns.length > 1) panel.withTransformation({ id: 'merge', options: {} });
  panel.withTransformation({
    id: 'organize',
    options: {
      excludeByName: { Time: true },
      indexByName: Object.fromEntries([...labels, ...valueNames].map((name, i) => [name, i])),
      renameByName: Object.fromEntries(valueNames.map((name, i) => [name, columns[i]!.name])),
    },
  });
  for (const { name, unit } of columns)
    if (unit !== undefined) panel.overrideByName(name, [{ id: 'unit', value: unit }]);
  const [first] = columns;
  return panel.sortBy([new TableSortByFieldStateBuilder().displayName(first!.name).desc(true)]);
}

/** One label down, another across. @param about its colours are those of the columns */
export function matrix(about: About, down: string, across: string, query: Query): Table {
  const panel = told(new Table(), { ...about, colors: {} }, 'rows', [query]).withTransformation({
    id: 'groupingToMatrix',
    options: { rowField: down, columnField: across, valueField: 'Value', emptyValue: 'null' },
  });
  for (const [name, color] of Object.entries(about.colors ?? {}))
    panel.overrideByName(name, [COLORED_TEXT, fixedColor(color)]);
  return panel;
}

/** Writes the values of a column in their colours. */
export const coloredColumn = (panel: Table, column: string, colors: Palette): Table =>
  panel.overrideByName(column, [
    COLORED_TEXT,
    {
      id: 'mappings',
      value: [texts(Object.entries(colors).map(([text, color]) => [text, { text, color }]))],
    },
  ]);

/** Shows texts in place of the values of a column, and a dash for a value without one. */
export const mappedColumn = (
  panel: Table,
  column: string,
  textOf: Readonly<Record<string, string>>,
  width?: number,
): Table =>
  panel.overrideByName(column, [
    {
      id: 'mappings',
      value: [
        texts(Object.entries(textOf).map(([value, text]) => [value, { text }])),
        { type: MappingType.RegexToText, options: { pattern: '.*', result: { text: '–' } } },
      ] satisfies ValueMapping[],
    },
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
  ]);

const texts = (entries: [value: string, shown: { text: string; color?: string }][]): ValueMapping => ({
  type: MappingType.ValueToText,
  options: Object.fromEntries(entries.map(([value, shown], index) => [value, { ...shown, index }])),
});

const COLORED_TEXT = { id: 'custom.cellOptions', value: { type: 'color-text' } };
