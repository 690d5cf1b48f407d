import assert from 'node:assert/strict';
import {
  ABSENT,
  CAUSES,
  EventReader,
  AutoEventReader,
  FORMATS,
  MADE_BY,
  METHODS,
  NOT_LOGGED,
  type FormatName,
  type Request,
  type Text,
} from '#access-log';
import { readPlainly, type Context } from '#catalogue';
import { parseLedgerField, type LedgerMetric } from '#metric-names';
import { loadSettings, scopeOf, type Source } from '#settings';
import {
  LEDGER_BUCKETS,
  SourceReader,
  ledgerSamples,
  lensOf,
  seriesBound,
  tallyFields,
  zeroSeries,
  type Counts,
  type Tally,
} from '#verdict';
import { bodiesOf } from '../bodies.js';
import { chosen } from '../choice.js';
import { chunkings, pushAll } from '../chunks.js';
import { LOG_LINES } from '../corpus.js';
import type { Target } from '../target.js';
import { formatTargets } from './formats.js';

const settings = loadSettings('test/fuzz/sources.yaml', {});
const { catalogue } = settings;
const lens = lensOf(catalogue);
const MAX_LINE = 4096;
const MOMENT = { receivedAt: Date.parse('2026-11-21T08:00:00Z'), now: Date.parse('2026-11-21T08:00:01Z') };

const numberOf = (value: number): number | null | undefined =>
  value === NOT_LOGGED ? undefined : value === ABSENT ? null : value;

const textOf = (text: Text): string | null | undefined =>
  text.present ? text.toString() : text.start === ABSENT ? null : undefined;

const flagOf = (value: number): boolean | null | undefined => {
  const number = numberOf(value);
  return number === undefined || number === null ? number : number > 0;
};

/** What is known of a request, in the words in which vendor files speak. */
const contextOf = (request: Request): Context => {
  const method = numberOf(request.method);
  return {
    method: typeof method === 'number' ? (METHODS[method] ?? 'BREW') : method,
    path: textOf(request.path),
    model: textOf(request.model),
    content_type: textOf(request.contentType),
    retry_after: numberOf(request.retryAfter),
    timeout_param: flagOf(request.timeoutParam),
    if_match: textOf(request.ifMatch),
    if_none_match: textOf(request.ifNoneMatch),
    body_bytes: numberOf(request.bodyBytes),
    complete: flagOf(request.complete),
    error_code: textOf(request.errorCode),
    partialSuccessResponses: numberOf(request.partialSuccess),
  };
};

/** Counts, and reads the document of each request rule by rule, too: the table must say the same. */
class Proving implements Counts {
  constructor(private readonly tally: Tally) {}

  classify(cell: number, request: Request): void {
    this.tally.classify(cell, request);
    const file = catalogue.files[catalogue.vendorIdOf(cell)];
    const made = { origin: MADE_BY[request.origin]!, cause: CAUSES[request.cause]! };
    const plainly = readPlainly(file, request.code, contextOf(request), made);
    assert.deepEqual(catalogue.judgement(cell), plainly, 'the table and the rules read one by one');
  }

  ignore(): void {
    this.tally.ignore();
  }

  pass(outcome: number, bytes: Uint8Array, start: number, end: number): void {
    this.tally.pass(outcome, bytes, start, end);
  }
}

/** One source, with what a ledger would hold of all that was ever sent to it. */
class Watched {
  private readonly reader: SourceReader;
  private readonly bound: number;
  private readonly zeros: readonly string[];
  private readonly ledger = new Map<string, number>();
  private readonly devices = new Set<string>();

  constructor(private readonly source: Source) {
    this.reader = new SourceReader(lens, source);
    const scope = scopeOf(source, catalogue);
    this.zeros = zeroSeries(catalogue, scope);
    this.bound = seriesBound(catalogue, scope, {
      devices: source.maxDevices,
      consumers: source.consumers.map(({ name }) => name),
    });
  }

  check(body: Buffer): void {
    const tally = this.count([body], (counts) => new Proving(counts));
    const fields = this.fieldsOf(tally);
    const told = fields.map(String).join();
    const [, pieces = []] = chunkings(body);
    assert.equal(this.fieldsOf(this.count(pieces)).map(String).join(), told, 'other pieces, other counts');
    this.checkConservation(body, tally, fields);
    this.checkFields(fields);
  }

  private count(pieces: readonly Buffer[], counting = (tally: Tally): Counts => tally): Tally {
    const tally = this.reader.newTally(LEDGER_BUCKETS, { ...MOMENT, lateAfterMs: settings.lateAfterMs });
    const lines = this.reader.begin(counting(tally), MAX_LINE);
    pushAll(pieces, (piece) => lines.push(piece));
    lines.end();
    return tally;
  }

  /** The first devices keep their names, as in a ledger. */
  private fieldsOf(tally: Tally): [field: string, amount: number][] {
    for (const name of tally.hit.deviceNames())
      if (this.devices.size < this.source.maxDevices) this.devices.add(name);
    return tallyFields(this.source.name, tally, (name) => this.devices.has(name));
  }

  private checkConservation(body: Buffer, tally: Tally, fields: readonly [string, number][]): void {
    const { classified, ignored, rejectedLines } = tally;
    assert.equal(
      classified + ignored + rejectedLines,
      this.eventsIn(body),
      'lines = classified + rejected + ignored',
    );
    const sum = (metric: LedgerMetric): number =>
      fields.reduce((total, [field, amount]) => (field.startsWith(`${metric}|`) ? total + amount : total), 0);
    assert.equal(sum('requests'), classified, 'requests = classified');
    assert.equal(sum('route'), classified, 'requests by route = classified');
    assert.equal(sum('lines'), classified + ignored + rejectedLines, 'lines');
    assert.equal(sum('rejected'), rejectedLines, 'rejected lines by reason');
    assert.equal(sum('lateRequests'), tally.late, 'late requests = late lines');
    if (this.source.consumers.length > 0) assert.equal(sum('consumer'), classified, 'requests by consumer');
    for (const { sample } of tally.rejections())
      assert(Buffer.byteLength(sample) <= 300, 'a sample is too long');
  }

  private eventsIn(body: Buffer): number {
    let events = 0;
    const { format, fields } = this.source;
    const count = (): void => void events++;
    const reader =
      format === 'auto'
        ? new AutoEventReader(count, { maxLineBytes: MAX_LINE })
        : new EventReader(FORMATS[format as FormatName], fields, count, { maxLineBytes: MAX_LINE });
    reader.push(body);
    reader.end();
    return events;
  }

  private checkFields(fields: readonly [string, number][]): void {
    const known = this.ledger.size;
    for (const [field, amount] of fields) {
      assert(Number.isSafeInteger(amount) && amount > 0, `${field} grows by ${amount}`);
      if (this.ledger.has(field)) continue;
      assert(/^[\x20-\x7e]+$/.test(field), `${JSON.stringify(field)} is no name of a series`);
      assert(parseLedgerField(field) !== undefined, `${field} cannot be read back`);
      this.ledger.set(field, amount);
    }
    if (this.ledger.size === known) return;
    const samples = [...ledgerSamples(this.ledger, this.zeros).values()].reduce(
      (sum, list) => sum + list.length,
      0,
    );
    assert(
      samples <= this.bound,
      `${samples} series of ${this.source.name}; check-config says at most ${this.bound}`,
    );
  }
}

const sources = [...settings.sources.values()];

/** Lines that a source reads, or that any could. */
const linesFor = ({ format }: Source, i: number): readonly Buffer[] =>
  formatTargets.find(({ name }) => name === `format:${format}`)?.corpus ?? LOG_LINES.slice(i * 20);

const MAPPED = [
  '{"status":503,"t":1795246757000,"method":"GET","path":"/v1/objects/storages/886000123456?timeout=3","host":"a.storage.example","took":19,"bytes":0,"retry":"30","type":"application/json","match":null,"user":"csi","agent":"Terraform/1","device":"d1","model":"VSP G370","complete":true,"upstream":"502, 503","began":1795246756981,"size":351,"location":"https://a.storage.example/jobs/7","key":"k-1","attempt":"attempt=2; max=3"}',
  '{"status":200,"path":"/","device":"other","error":"KART40000-E","partial":2,"none":"x","upstream":"503, 502, 200","resent":1}',
].map((line) => Buffer.from(line));

const watched = sources.map((source) => new Watched(source));

/** All that a worker does with the lines of a batch. */
export const source: Target = {
  name: 'source',
  corpus: sources.flatMap((one, i) => bodiesOf(one.name === 'mapped' ? MAPPED : linesFor(one, i), i)),
  words: catalogue.files
    .flatMap(({ routes = [], fingerprints = [], gateway_error_codes = [] }) => [
      ...routes.slice(0, 20),
      ...fingerprints.flatMap(({ host, path }) => [host ?? '', path ?? '']),
      ...gateway_error_codes,
    ])
    .filter((word) => word !== ''),
  share: 8,
  check(input) {
    const [one, body] = chosen(input, watched);
    one.check(body);
  },
};
