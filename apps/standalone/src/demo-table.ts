import { RESPONSIBLE, type Responsible } from '#catalogue';
/** One judgement as /metrics shows it, with its count. */
export interface Row {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
}

type Labels = Row['labels'];

/**
 * The judgements that were counted between two pages of /metrics.
 * @param before empty for all that the second page counts
 */
export function judgementsBetween(before: string, after: string): Row[] {
  const earlier = new Map(judgementsIn(before));
  return judgementsIn(after)
    .map(([labels, count]) => ({ labels: labelsOf(labels), count: count - (earlier.get(labels) ?? 0) }))
    .filter(({ count }) => count > 0);
}

const judgementsIn = (page: string): [labels: string, count: number][] =>
  [...page.matchAll(/^statuslens_requests_total\{(.*)\} (\d+)$/gm)].map(([, labels, count]) => [
    labels!,
    Number(count),
  ]);

const labelsOf = (text: string): Labels =>
  Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]));

const CODE_WIDTH = 6;
/** The longest verdict with a `+` and two blanks; five of them fit into 100 columns. */
const CELL_WIDTH = 18;

/**
 * What the demo prints: the same status judged by each vendor's document; what the gateways made themselves; who
 * must act. No line is longer than 100 columns while there are at most five vendors.
 */
export function demoTable(rows: readonly Row[], vendors: readonly string[]): string {
  return [sameStatus(rows, vendors), madeByGateways(rows), whoMustAct(rows)]
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Only where the log tells that the vendor made the status, and only the codes that documents differ about. */
function sameStatus(rows: readonly Row[], vendors: readonly string[]): string[] {
  const byVendors = rows.filter(({ labels }) => labels['origin'] === 'vendor');
  const seen = vendors.filter((vendor) => byVendors.some(({ labels }) => labels['vendor'] === vendor));
  const codes = [...new Set(byVendors.map(({ labels }) => labels['code']!))].sort();
  const table = codes.map((code) => ({
    code,
    cells: seen.map((vendor) => verdictOf(byVendors, vendor, code)),
  }));
  return [
    `same status, ${seen.length} documents (the commonest verdict; + there were others too):`,
    '',
    ...header(seen),
    ...table.filter(({ cells }) => !isAgreed(cells)).map(({ code, cells }) => line(code, cells)),
    ...agreements(table.filter(({ cells }) => isAgreed(cells))),
  ];
}

const line = (first: string, cells: readonly string[]): string =>
  [first.padEnd(CODE_WIDTH), ...cells.map((cell) => cell.padEnd(CELL_WIDTH))].join('').trimEnd();

/** Names in two lines: what does not fit into a column breaks after its first dash. */
function header(vendors: readonly string[]): string[] {
  const parts = vendors.map((vendor) => (vendor.length < CELL_WIDTH ? ['', vendor] : halves(vendor)));
  const above = line(
    '',
    parts.map(([upper]) => upper!),
  );
  const below = line(
    'code',
    parts.map(([, lower]) => lower!.slice(0, CELL_WIDTH - 1)),
  );
  return above === '' ? [below] : [above, below];
}

function halves(name: string): [string, string] {
  const cut = name.indexOf('-') + 1;
  return [name.slice(0, cut), name.slice(cut)];
}

/** The commonest verdict, with a `+` if it is not the only one. */
function verdictOf(rows: readonly Row[], vendor: string, code: string): string {
  const verdicts = counts(
    rows.filter(({ labels }) => labels['vendor'] === vendor && labels['code'] === code),
    ({ verdict }) => verdict!,
  );
  return verdicts.length === 0 ? '' : `${verdicts[0]![0]}${verdicts.length > 1 ? '+' : ''}`;
}

function isAgreed(cells: readonly string[]): boolean {
  const verdicts = new Set(cells.filter(Boolean));
  return verdicts.size === 1 && ![...verdicts][0]!.endsWith('+');
}

/** The codes that every vendor who sent them means alike. */
function agreements(table: readonly { code: string; cells: readonly string[] }[]): string[] {
  const codesOf = new Map<string, string[]>();
  for (const { code, cells } of table) {
    const verdict = cells.find(Boolean)!;
    codesOf.set(verdict, [...(codesOf.get(verdict) ?? []), code]);
  }
  return [...codesOf].map(
    ([verdict, codes], at) => `${(at === 0 ? 'alike' : '').padEnd(CODE_WIDTH)}${verdict} ${codes.join(' ')}`,
  );
}

function madeByGateways(rows: readonly Row[]): string[] {
  const own = rows.filter(({ labels }) => labels['origin'] === 'gateway');
  return [
    `made by a gateway itself, which no vendor's document speaks of (${total(own)} requests):`,
    '',
    ...counts(own, ({ code, reason, responsible }) => `${code}  ${reason!.padEnd(22)}${responsible}`).map(
      ([row, count]) => counted(row, count),
    ),
  ];
}

function whoMustAct(rows: readonly Row[]): string[] {
  const troubled = rows.filter(({ labels }) => !['ok', 'accepted'].includes(labels['verdict']!));
  return [
    `who must act on the ${total(troubled)} of ${total(rows)} requests that are not ok:`,
    '',
    ...counts(troubled, ({ responsible }) => responsible!).map(([who, count]) =>
      counted(`${who.padEnd(CELL_WIDTH)} ${RESPONSIBLE[who as Responsible]}`, count),
    ),
  ];
}

const counted = (text: string, count: number): string => `${String(count).padStart(5)}  ${text}`;

const total = (rows: readonly Row[]): number => rows.reduce((sum, { count }) => sum + count, 0);

/** Counts by key, the greatest first; equal ones by name. */
function counts(rows: readonly Row[], key: (labels: Labels) => string): [key: string, count: number][] {
  const sums = new Map<string, number>();
  for (const { labels, count } of rows) sums.set(key(labels), (sums.get(key(labels)) ?? 0) + count);
  return [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
