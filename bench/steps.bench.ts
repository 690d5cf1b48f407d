import { readFileSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { SingleBar } from 'cli-progress';
import type { Request } from '#access-log';
import { Catalogue, loadVendor, type VendorFile } from '#catalogue';
import { StepWriter } from '#conduct';
import { LEDGER_BUCKETS, SourceReader, lensOf, type Counts, type Tally } from '#verdict';
import { median } from './median.js';

/**
 * What it costs a worker to write down what callers do next: lines a second that are read, judged and counted, with and
 * without a StepWriter, in one process. A tenth of the requests are writes.
 */

const LINES_PER_BATCH = 4000;
const BATCHES = 10;
const ROUNDS = 25;
const FORMATS = ['nginx-json', 'combined'] as const;
const FAILURES = [0.01, 0.1, 0.5];
const VENDORS = 'libs/catalogue/vendors';
const MAX_LINE = 65_536;
const RECEIVED_AT = Date.UTC(2026, 10, 21, 8);

const lens = lensOf(
  new Catalogue(
    readdirSync(VENDORS).map(
      (name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile,
    ),
  ),
);

/** Counts, and writes steps. */
class Following implements Counts {
  constructor(
    private readonly tally: Tally,
    readonly writer: StepWriter,
  ) {}

  classify(cell: number, request: Request): void {
    this.tally.classify(cell, request);
    this.writer.add(cell, request);
  }

  ignore(): void {
    this.tally.ignore();
  }

  pass(outcome: number, bytes: Uint8Array, start: number, end: number): void {
    this.tally.pass(outcome, bytes, start, end);
  }
}

/** The same numbers in each run: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function randomNumbers(): () => number {
  let state = 42;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const STATUSES = [503, 503, 409, 404, 401, 400, 500, 504];
const LINE: Readonly<Record<(typeof FORMATS)[number], (line: Line) => string>> = {
  'nginx-json': ({ ms, client, method, path, status, took }) =>
    `{"time":"${new Date(ms).toISOString().slice(0, 19)}+00:00","msec":"${(ms / 1000).toFixed(3)}","remote_addr":"${client}",` +
    `"host":"cm.storage.example.net:23451","request_method":"${method}","request_uri":"${path}","status":"${status}",` +
    `"body_bytes_sent":312,"request_length":421,"request_time":${(took / 1000).toFixed(3)},"upstream_addr":"192.0.2.17:443",` +
    `"upstream_status":"${status}","upstream_response_time":"${(took / 1000).toFixed(3)}","upstream_header_time":"0.004",` +
    `"upstream_bytes_received":"433","retry_after":"","upstream_retry_after":"","limit_req_status":"","completion":"OK",` +
    `"content_type":"application/json","location":"","if_none_match":"","if_match":"","idempotency_key":"","attempt":"",` +
    `"partial_success":"","request_id":"${ms.toString(16).padStart(32, '0')}","http_user_agent":"python-requests/2.31.0"}`,
  combined: ({ ms, client, method, path, status }) =>
    `${client} - - [21/Nov/2026:07:${new Date(ms).toISOString().slice(14, 19)} +0000] "${method} ${path} HTTP/1.1" ${status} ` +
    `312 "-" "python-requests/2.31.0"`,
};

interface Line {
  readonly ms: number;
  readonly client: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly took: number;
}

/** 50 callers of 8 devices, about 1,000 requests a second. */
function batch(format: (typeof FORMATS)[number], failures: number): Buffer {
  const random = randomNumbers();
  const below = (limit: number): number => Math.floor(random() * limit);
  let ms = RECEIVED_AT - 3_600_000;
  const lines = Array.from({ length: LINES_PER_BATCH }, () => {
    ms += below(3);
    const isWrite = random() < 0.1;
    return LINE[format]({
      ms,
      client: `10.20.${below(5)}.${below(10)}`,
      method: isWrite ? 'POST' : 'GET',
      path: `/ConfigurationManager/v1/objects/storages/88600012345${below(8)}/ldevs/${below(2000)}${isWrite ? '' : '?detailInfoType=class'}`,
      status: random() < failures ? STATUSES[below(STATUSES.length)]! : 200,
      took: below(100),
    });
  });
  return Buffer.from(lines.join('\n') + '\n');
}

/** @returns milliseconds of the processor, whoever else uses the machine, and the bytes of the pieces of one batch */
function run(reader: SourceReader, body: Buffer, isFollowing: boolean): { ms: number; bytes: number } {
  const begin = process.cpuUsage();
  let bytes = 0;
  for (let i = 0; i < BATCHES; i++) {
    const moment = { receivedAt: RECEIVED_AT, now: RECEIVED_AT, lateAfterMs: Infinity };
    const tally = reader.newTally(LEDGER_BUCKETS, moment);
    const writer = isFollowing ? new StepWriter(lens, reader.consumers, RECEIVED_AT) : undefined;
    const lines = reader.begin(writer ? new Following(tally, writer) : tally, MAX_LINE);
    lines.push(body);
    lines.end();
    if (tally.classified !== LINES_PER_BATCH) throw new Error(`only ${tally.classified} lines were read`);
    bytes = (writer?.pieces() ?? []).reduce((sum, { steps }) => sum + steps.length, 0);
  }
  const { user, system } = process.cpuUsage(begin);
  return { ms: (user + system) / 1000, bytes };
}

const bar = new SingleBar({ format: '{bar} {value} of {total} rounds', hideCursor: true });
bar.start(FORMATS.length * FAILURES.length * ROUNDS, 0);
const rows = FORMATS.flatMap((format) =>
  FAILURES.map((failures) => {
    const reader = new SourceReader(lens, { format, vendor: 'hitachi-opscenter-cm' });
    const body = batch(format, failures);
    const rounds = Array.from({ length: ROUNDS }, (_, round) => {
      const isFirst = round % 2 === 0;
      const one = run(reader, body, isFirst);
      const other = run(reader, body, !isFirst);
      bar.increment();
      return { followed: isFirst ? one : other, counted: isFirst ? other : one };
    });
    const rate = (ms: readonly number[]): string =>
      Math.round((BATCHES * LINES_PER_BATCH) / (median(ms) / 1000)).toLocaleString('en');
    const cost = median(rounds.map(({ followed, counted }) => followed.ms / counted.ms)) - 1;
    return (
      `  ${format.padEnd(10)} ${`${100 * failures} %`.padStart(4)} failures: ` +
      `${rate(rounds.map(({ counted }) => counted.ms)).padStart(9)} lines/s counted, ` +
      `${rate(rounds.map(({ followed }) => followed.ms)).padStart(9)} followed too: ` +
      `${(100 * cost).toFixed(0).padStart(3)} % more time, ` +
      `${(rounds[0]!.followed.bytes / LINES_PER_BATCH).toFixed(1)} bytes a line`
    );
  }),
);
bar.stop();
console.log(
  [
    `${LINES_PER_BATCH} lines a batch, ${cpus().length} cores, Node ${process.versions.node}, medians of ${ROUNDS} rounds:`,
    ...rows,
  ].join('\n'),
);
