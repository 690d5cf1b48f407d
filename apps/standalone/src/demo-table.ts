/** One judgement as /metrics shows it, with its count. */
export interface Row {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
}

/** The judgements that a page of /metrics counts. */
export function judgementsIn(page: string): Row[] {
  return [...page.matchAll(/^statuslens_requests_total\{(.*)\} (\d+)$/gm)]
    .map(([, labels, count]) => ({ labels: labelsOf(labels!), count: Number(count) }))
    .filter(({ count }) => count > 0);
}

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]));

const WIDTH = 16;

/** The same status, judged by each vendor's document; then what the gateways made themselves, and who must act. */
export function demoTable(rows: readonly Row[], vendors: readonly string[]): string {
  const byVendors = rows.filter(
    ({ labels }) => labels['origin'] !== 'gateway' && vendors.includes(labels['vendor']!),
  );
  const codes = [...new Set(byVendors.map(({ labels }) => labels['code']!))].sort();
  const lines = codes.map((code) =>
    [code, ...vendors.map((vendor) => verdictOf(byVendors, vendor, code))].map(cell).join(' ').trimEnd(),
  );
  return [
    ['', ...vendors.map((vendor) => vendor.slice(0, WIDTH))].map(cell).join(' ').trimEnd(),
    ...lines,
    '',
    ...ownWords(
      'made by a gateway itself',
      rows.filter(({ labels }) => labels['origin'] === 'gateway'),
    ),
    ...ownWords(
      'of no known vendor',
      rows.filter(({ labels }) => labels['vendor'] === 'unknown' && labels['origin'] !== 'gateway'),
    ),
    `who must act: ${whoMustAct(rows)}`,
  ].join('\n');
}

const cell = (text: string, column: number): string => text.padEnd(column === 0 ? 4 : WIDTH);

function verdictOf(rows: readonly Row[], vendor: string, code: string): string {
  const verdicts = new Set(
    rows
      .filter(({ labels }) => labels['vendor'] === vendor && labels['code'] === code)
      .map(({ labels }) => labels['verdict']!),
  );
  return verdicts.size === 0 ? '' : [...verdicts].join('/').slice(0, WIDTH);
}

const ownWords = (title: string, rows: readonly Row[]): string[] =>
  rows.length === 0
    ? []
    : [`${title}: ${totals(rows, ({ code, reason, responsible }) => `${code} ${reason} (${responsible})`)}`];

const whoMustAct = (rows: readonly Row[]): string => totals(rows, ({ responsible }) => responsible!);

function totals(rows: readonly Row[], key: (labels: Readonly<Record<string, string>>) => string): string {
  const sums = new Map<string, number>();
  for (const { labels, count } of rows) sums.set(key(labels), (sums.get(key(labels)) ?? 0) + count);
  return [...sums]
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
