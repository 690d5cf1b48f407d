import { readFileSync, readdirSync } from 'node:fs';
import { Catalogue, loadVendor, type VendorFile } from '#catalogue';
import { StepWriter, stepsInOrder } from '#conduct';
import { SourceReader, lensOf, type Counts, type Reading } from '#verdict';
import { isNoted, type NotedStep } from '../../libs/conduct/src/step.js';

const VENDORS = 'libs/catalogue/vendors';
const MAX_LINE = 65_536;

export const LENS = lensOf(
  new Catalogue(
    readdirSync(VENDORS).map(
      (name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile,
    ),
  ),
);

/** When the lines of a test come, epoch milliseconds. */
export const RECEIVED_AT = Date.parse('2026-11-21T08:00:00Z');

interface HowWritten {
  readonly key?: Uint8Array;
  /** The lines are those of a LineReducer. */
  readonly isReduced?: boolean;
}

/** What a batch of lines leaves behind, as `reading` says; by default lines of nginx-json. */
export function written(body: Uint8Array, reading: Partial<Reading> = {}, how: HowWritten = {}): StepWriter {
  const reader = readerOf(reading);
  const writer = new StepWriter(LENS, reader.consumers, RECEIVED_AT, how.key);
  push(reader, body, (cell, request) => writer.add(cell, request), how);
  return writer;
}

/** How many of the lines are requests with a status. */
export function judgedLines(body: Uint8Array): number {
  let judged = 0;
  push(readerOf({}), body, () => judged++, {});
  return judged;
}

const readerOf = (reading: Partial<Reading>): SourceReader =>
  new SourceReader(LENS, { format: 'nginx-json', vendor: 'auto', ...reading });

function push(
  reader: SourceReader,
  body: Uint8Array,
  classify: Counts['classify'],
  { isReduced }: HowWritten,
): void {
  const counts = { classify, ignore: () => undefined, pass: () => undefined };
  const lines = isReduced ? reader.beginReduced(counts) : reader.begin(counts, MAX_LINE);
  lines.push(body);
  lines.end();
}

/** The only step that a line leaves behind, which is a noted one. */
export function notedStep(body: string, reading: Partial<Reading> = {}, how: HowWritten = {}): NotedStep {
  const writer = written(Buffer.from(body, how.isReduced ? 'latin1' : 'utf8'), reading, how);
  const steps = writer
    .pieces()
    .flatMap(({ steps }) => Array.from(stepsInOrder([steps]), (step) => ({ ...step })));
  if (steps.length !== 1 || !isNoted(steps[0]!))
    throw new Error(
      `not one noted step, but ${JSON.stringify(steps)}; skipped: ${JSON.stringify(writer.skipped)}`,
    );
  return steps[0];
}
