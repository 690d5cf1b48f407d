import { readFileSync, readdirSync } from 'node:fs';
import { Catalogue, loadVendor, type VendorFile } from '#catalogue';
import { StepWriter } from '#conduct';
import { LEDGER_BUCKETS, SourceReader, lensOf, type Counts } from '#verdict';
import { SOURCES } from '../end-to-end.js';
import { TWINS, requests, type Twin } from '../twin-log.js';

const VENDORS = 'libs/catalogue/vendors';
const LONGEST_LINE = 65_536;
const END_MS = Date.UTC(2026, 10, 22);

export const TWIN_NAMES = Object.keys(TWINS) as Twin[];

const lens = lensOf(
  new Catalogue(
    readdirSync(VENDORS).map(
      (name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile,
    ),
  ),
);

/** The same lines each time. */
export const logOf = (twin: Twin, lines: number): Buffer =>
  Buffer.from(
    [...requests({ lines, endMs: END_MS, requestsPerSecond: 1000 })]
      .map((seen) => `${TWINS[twin](seen)}\n`)
      .join(''),
  );

/** What a worker does with the lines of batches: `counted` alone, or `followed`, too. */
export class WorkerReading {
  private readonly reader: SourceReader;

  constructor(twin: Twin) {
    this.reader = new SourceReader(lens, SOURCES[twin]);
  }

  /** @returns reads a batch when it is called; what a batch itself takes is taken before */
  begin(isFollowed: boolean): (bytes: Uint8Array) => void {
    const tally = this.reader.newTally(LEDGER_BUCKETS, {
      receivedAt: END_MS,
      now: END_MS,
      lateAfterMs: Infinity,
    });
    const steps = isFollowed ? new StepWriter(lens, this.reader.consumers, END_MS) : undefined;
    const counts: Counts = steps
      ? {
          classify(cell, request) {
            tally.classify(cell, request);
            steps.add(cell, request);
          },
          ignore: () => tally.ignore(),
          pass: (outcome, bytes, start, end) => tally.pass(outcome, bytes, start, end),
        }
      : tally;
    const lines = this.reader.begin(counts, LONGEST_LINE);
    return (bytes) => {
      lines.push(bytes);
      lines.end();
    };
  }
}
