import { isDeepStrictEqual } from 'node:util';
import {
  judgementChanges,
  literalText,
  type Catalogue,
  type Judgement,
  type JudgementChange,
  type VendorFile,
} from '#catalogue';
import { columns } from '../columns.js';
import { wrapped } from '../wrapped.js';
import { seriesChanges, type SeriesChange } from './series-changes.js';

const WIDTH = 100;

/** What is different about one vendor, for people; nothing if nothing is. */
export function vendorLines(before: Catalogue, after: Catalogue, vendor: string): string[] {
  const [then, now] = [fileOf(before, vendor), fileOf(after, vendor)];
  const series = seriesLines(seriesChanges(before, after, vendor));
  if (!then || !now) return [`${vendor} ${then ? 'is gone' : 'is new'}`, ...indented(series), ''];
  const lines = [
    ...partLines(then, now),
    ...judgementChanges(before, after, vendor).flatMap((change) => changeLines(change, then, now)),
    ...listedLines(then, now),
    ...series,
  ];
  return lines.length === 0 ? [] : [vendor, ...indented(lines), ''];
}

const fileOf = (catalogue: Catalogue, vendor: string): VendorFile | undefined =>
  catalogue.files.find((file) => file.vendor === vendor);

const indented = (lines: readonly string[]): string[] =>
  lines.map((line) => (line === '' ? '' : `  ${line}`));

const documentText = ({ document: { title, section, revision } }: VendorFile): string =>
  `${title}, ${section} (${revision})`;

const TOLD_APART: ReadonlySet<string> = new Set(['statuses', 'examples', 'document']);

/** What a file says beside its statuses. Examples prove it and change nothing. */
function partLines(then: VendorFile, now: VendorFile): string[] {
  const [was, is] = [documentText(then), documentText(now)];
  const parts = (Object.keys({ ...then, ...now }) as (keyof VendorFile)[]).filter(
    (part) => !TOLD_APART.has(part) && !isDeepStrictEqual(then[part], now[part]),
  );
  return [
    ...(was === is
      ? []
      : [...wrapped(`document was ${was}`, WIDTH - 2), ...wrapped(`document is ${is}`, WIDTH - 2)]),
    ...(parts.length === 0 ? [] : wrapped(`also different: ${parts.join(', ')}`, WIDTH - 2)),
  ];
}

function changeLines(
  { code, when, before, after }: JudgementChange,
  then: VendorFile,
  now: VendorFile,
): string[] {
  const [was, is] = [String(code) in then.statuses, String(code) in now.statuses];
  const listed = was === is ? '' : is ? ', listed now' : ', no longer listed';
  const evidence = when.length === 0 ? '' : `, with ${when.map(literalText).join(', ')}`;
  const [judgedBefore, judgedAfter] = columns([judged('-', before), judged('+', after)]);
  return [...wrapped(`${code}${listed}${evidence}`, WIDTH - 2), `  ${judgedBefore!}`, `  ${judgedAfter!}`];
}

const judged = (sign: string, { verdict, reason, responsible, action }: Judgement): string[] => [
  sign,
  verdict,
  reason,
  responsible,
  action,
];

/** Statuses that are listed on one side only, and mean the same as before: nothing. */
function listedLines(then: VendorFile, now: VendorFile): string[] {
  const undocumented = (file: VendorFile, code: string): boolean =>
    file.statuses[code]?.reason === 'undocumented' && !file.statuses[code]?.rules;
  const only = (a: VendorFile, b: VendorFile): string[] =>
    Object.keys(a.statuses).filter((code) => !(code in b.statuses) && undocumented(a, code));
  return [
    ...only(now, then).map((code) => `${code}, listed now, still without a meaning`),
    ...only(then, now).map((code) => `${code}, no longer listed; it had no meaning`),
  ];
}

function seriesLines(changes: readonly SeriesChange[]): string[] {
  const metrics = [...new Set(changes.map(({ metric }) => metric))];
  return metrics.flatMap((metric) => [
    `series of ${metric}, of each source that it judges`,
    ...columns(
      changes
        .filter((change) => change.metric === metric)
        .map(({ sign, labels, origins }) => [`  ${sign}`, ...labels, origins.join(', ')]),
    ),
  ]);
}
