import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EventReader } from './event-reader.js';
import { type Format, READ } from './format.js';
import { FORMATS, FORMAT_NAMES, type FormatName } from './formats/index.js';
import { BY_UNKNOWN, type Request } from './request.js';

const FOLDER = 'docs/gateways';
const PAGE = readFileSync(`${FOLDER}/README.md`, 'utf8');
/** The lines of the table under a heading. */
const tableUnder = (heading: string): string[] =>
  PAGE.split(`${heading}\n`)[1]!
    .split('\n#')[0]!
    .split('\n')
    .filter((line) => line.startsWith('|'));
const [HEAD, , ...ROWS] = tableUnder('## Which log tells what');

/** What a column of the table claims of a line. */
const IS_THERE: Readonly<Record<string, (request: Request) => boolean>> = {
  code: (request) => request.code > 0,
  duration: (request) => request.durationMicros >= 0,
  'Retry-After': (request) => request.retryAfter >= 0,
  origin: (request) => request.origin !== BY_UNKNOWN,
  attempts: (request) => request.attemptCount > 0,
  vendor: (request) => request.host.present && request.path.present,
  device: (request) => request.path.present,
  'partial success': (request) => request.partialSuccess >= 0,
  'error code': (request) => request.errorCode.present,
};
const COLUMNS = Object.keys(IS_THERE);
const WORDS = ['yes', 'no', 'if added', 'with snippet'];

interface Row {
  readonly formats: readonly FormatName[];
  /** Undefined where users name the fields themselves. */
  readonly example: string | undefined;
  readonly claims: Readonly<Record<string, string>>;
}

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

function rowOf(line: string): Row {
  const [formats = '', example = '', ...claims] = cellsOf(line);
  const link = /\(([^)]+)\)/.exec(example)?.[1];
  return {
    formats: [...formats.matchAll(/`([^`]+)`/g)].map(([, name]) => name as FormatName),
    example: link === undefined ? undefined : join(FOLDER, link),
    claims: Object.fromEntries(claims.map((claim, i) => [COLUMNS[i]!, claim])),
  };
}

/** The columns that some line of a log fills. */
function filledIn(format: Format, log: Buffer): string[] {
  const filled = new Set<string>();
  const reader = new EventReader(format, {}, (outcome, request) => {
    expect(outcome).toBe(READ);
    for (const column of COLUMNS) if (IS_THERE[column]!(request)) filled.add(column);
  });
  reader.push(log);
  reader.end();
  return COLUMNS.filter((column) => filled.has(column));
}

describe('the table of docs/gateways/README.md', () => {
  const rows = ROWS.map(rowOf);
  const withExample = rows.flatMap(({ formats, example, claims }) =>
    example === undefined ? [] : formats.map((name) => ({ name, example, claims })),
  );

  it('has these columns and words', () => {
    expect(cellsOf(HEAD!)).toEqual(['format', 'example', ...COLUMNS]);
    for (const { claims } of rows) {
      expect(Object.keys(claims)).toEqual(COLUMNS);
      expect(WORDS).toEqual(expect.arrayContaining(Object.values(claims)));
    }
  });

  it('has every format, with an example unless users name its fields', () => {
    const formats: Readonly<Record<string, Format>> = FORMATS;
    expect([...new Set(rows.flatMap((row) => row.formats))].sort()).toEqual([...FORMAT_NAMES].sort());
    const named = FORMAT_NAMES.filter((name) => formats[name]!.isMapped !== true);
    expect([...new Set(withExample.map(({ name }) => name))].sort()).toEqual(named.sort());
  });

  it.each(withExample)('says of $name what its example $example shows', ({ name, example, claims }) => {
    const filled = filledIn(FORMATS[name], readFileSync(example));
    const said = (word: string): string[] => COLUMNS.filter((column) => claims[column] === word);
    expect(filled).toEqual(expect.arrayContaining(said('yes')));
    expect(said('no').filter((column) => filled.includes(column))).toEqual([]);
  });

  it('promises snippets only for gateways that evidence.md has', () => {
    const evidence = readFileSync(`${FOLDER}/evidence.md`, 'utf8').toLowerCase();
    for (const { formats, claims } of rows) {
      const gateway = formats[0]!.split('-')[0]!;
      if (Object.values(claims).includes('with snippet')) expect(evidence).toContain(`\n## ${gateway}`);
    }
  });

  const [, , ...times] = tableUnder('### When a request began').map(cellsOf);
  const timesOf = new Map(
    times.flatMap(([formats = '', time = '']) =>
      formats.split(', ').map((format) => [format.replaceAll('`', ''), time] as const),
    ),
  );

  it.each(withExample)(
    'says when a request of $name began, as its example $example shows',
    ({ name, example }) => {
      const gaps = new Set<number>();
      const reader = new EventReader(FORMATS[name], {}, (_, { timeMs, startMs }) =>
        gaps.add(Math.sign(timeMs - startMs)),
      );
      reader.push(readFileSync(example));
      reader.end();
      const isEnd = timesOf.get(name) === 'end';
      if (isEnd) expect([gaps.has(1), gaps.has(-1)]).toEqual([true, false]);
      else expect([timesOf.get(name), ...gaps]).toEqual(['begin', 0]);
    },
  );

  it('stands on a page that links every other one', () => {
    for (const page of readdirSync(FOLDER).filter((name) => name !== 'README.md'))
      expect(PAGE).toContain(`| [${page}](${page}) |`);
  });
});
