import { readFileSync, readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { FORMAT_NAMES } from '#access-log';
import { Catalogue } from '#catalogue';
import { shippedVendors } from '#settings';
import { lensOf } from '#verdict';
import type { FileLines } from '../log-files.js';
import { CountingThreads } from './counting-threads.js';
import { LogCounts, type Counting } from './log-counts.js';
import { SharedCounting } from './shared-counting.js';

const DATA = 'libs/access-log/test-data';
const LOGS: readonly string[] = readdirSync(DATA).map((name) => readFileSync(`${DATA}/${name}`, 'latin1'));
const LINES = LOGS.flatMap((log) => log.trimEnd().split('\n'));
/** Of JSON logs, their objects as one list of which each item takes several lines. */
const LISTS = LOGS.filter((log) => log.startsWith('{')).map((log) =>
  JSON.stringify(
    log
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as unknown),
    undefined,
    1,
  ),
);
const MAX_LINE = 1500;
const BODIES = 40;

const lens = lensOf(new Catalogue(shippedVendors()));
const countingOf = (format: string, more: Partial<Counting> = {}): Counting => ({
  reading: { vendor: 'auto', format },
  ignoredAddresses: [],
  maxLineBytes: MAX_LINE,
  span: {},
  ...more,
});

/** What is in logs, and what should not be: lines of any format, cut ones, lists, long ones, bytes that are no text. */
const line = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...LINES) },
  fc.tuple(fc.constantFrom(...LINES), fc.nat({ max: 400 })).map(([text, length]) => text.slice(0, length)),
  fc.tuple(fc.constantFrom(...LINES), fc.constantFrom(...LINES)).map((texts) => texts.join('')),
  fc.constantFrom(
    '',
    ' ',
    '{',
    '[',
    ']',
    '[{',
    '{"records":[',
    '\u00ef\u00bb\u00bf',
    '{"status":200}{"status":',
    '\0',
    '"',
  ),
  fc.nat({ max: 3 * MAX_LINE }).map((length) => 'x'.repeat(length)),
);
const lineBreak = fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n');
const body = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      fc.constantFrom('[', '{"records":[', '\u00ef\u00bb\u00bf', '\n\n'),
    ),
    fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...LOGS) }, fc.constantFrom('', ...LISTS)),
    fc.array(fc.tuple(line, lineBreak), { maxLength: 60 }),
    fc.oneof(fc.constant(''), line),
  )
  .map(([start, log, lines, end]) => Buffer.from(start + log + lines.flat().join('') + end, 'latin1'));
const chunks = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 5 });

function* cut(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length]!;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

const found = (counts: LogCounts) => ({
  lines: counts.verdicts.lines,
  cells: [...counts.verdicts.cells()],
  rejections: [...counts.verdicts.rejections()],
  times: counts.review.times(),
});

async function shared(counting: Counting, files: readonly (readonly Buffer[])[]) {
  const threads = new CountingThreads(1);
  const sharing = new SharedCounting(lens, counting, threads);
  try {
    await sharing.beginThreads();
    const chosen: string[] = [];
    for (const file of files) {
      const lines: FileLines = sharing.begin();
      for (const chunk of file) {
        lines.push(chunk);
        await setImmediate();
      }
      lines.end();
      chosen.push(lines.formatChosen());
    }
    return { ...found(await sharing.end()), chosen };
  } finally {
    await threads.close();
  }
}

function alone(counting: Counting, files: readonly (readonly Buffer[])[]) {
  const counts = new LogCounts(lens, counting);
  const chosen = files.map((file) => {
    const lines = counts.begin();
    counts.verdicts.piece++;
    lines.push(Buffer.concat(file));
    lines.end();
    return lines.formatChosen();
  });
  return { ...found(counts), chosen };
}

it.each(['auto', ...FORMAT_NAMES])(
  'several threads find in logs of format %s what one finds',
  async (format) => {
    const files = fc
      .sample(fc.tuple(body, chunks), BODIES)
      .map(([bytes, lengths]) => [...cut(bytes, lengths)]);
    expect(await shared(countingOf(format), files)).toEqual(alone(countingOf(format), files));
  },
);

it('reads in other threads as the source says, and of which time it is asked', async () => {
  const log = readFileSync(`${DATA}/nginx-combined.log`);
  const times = alone(countingOf('combined'), [[log]]).times;
  const counting = countingOf('combined', {
    span: { since: times.firstMs + 1, until: times.lastMs },
    reading: {
      vendor: 'otc-dcs',
      format: 'combined',
      routes: [{ vendor: 'hitachi-hsae', path: '/ConfigurationManager/' }],
      ignore: { paths: ['/health*'], userAgents: [], hasAddress: (address) => address === '192.0.2.1' },
    },
    ignoredAddresses: ['192.0.2.1'],
  });
  const probe = '192.0.2.1 - - [21/Nov/2026:07:00:00 +0000] "GET /v2/ HTTP/1.1" 200 2 "-" "x"\n';
  const files = Array.from({ length: 20 }, () => [...cut(Buffer.concat([log, Buffer.from(probe)]), [3000])]);
  const both = await shared(counting, files);
  expect(both).toEqual(alone(counting, files));
  expect(both.lines.ignored).toBeGreaterThanOrEqual(20);
  expect(both.times.outside).toBeGreaterThan(0);
});

it('ends with the error of a thread that throws', async () => {
  const broken = Object.create(lens.catalogue, { files: { value: [{ statuses: null }] } }) as Catalogue;
  const threads = new CountingThreads(1);
  const counting = new SharedCounting({ ...lens, catalogue: broken }, countingOf('combined'), threads);
  const lines = counting.begin();
  const pushing = async (): Promise<never> => {
    for (;;) {
      lines.push(Buffer.from(LOGS[0]!, 'latin1'));
      await setImmediate();
    }
  };
  await expect(pushing()).rejects.toThrow('properties of null');
  await threads.close();
});
