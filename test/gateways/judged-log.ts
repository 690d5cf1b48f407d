import { readFileSync, readdirSync } from 'node:fs';
import {
  EventReader,
  FORMATS,
  METHODS,
  NO_STATUS,
  READ,
  type FormatName,
  type Request,
  type Text,
} from '#access-log';
import { Catalogue, loadVendor, type Judgement, type VendorFile } from '#catalogue';
import { Judge, vendorRouter } from '#verdict';

const VENDORS = 'libs/catalogue/vendors';

export const vendorFiles: readonly VendorFile[] = readdirSync(VENDORS)
  .sort()
  .map((name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile);

const catalogue = new Catalogue(vendorFiles);
const judge = new Judge(catalogue);
const route = vendorRouter(catalogue, 'auto');

/** What statuslens makes of one line. */
export interface JudgedLine {
  readonly code: number;
  readonly method: string | undefined;
  readonly path: string;
  readonly host: string;
  readonly durationMicros: number;
  /** Seconds, or ABSENT or NOT_LOGGED. */
  readonly retryAfter: number;
  readonly earlierAttempts: readonly number[];
  /** What tells whether a request comes again. */
  readonly again: Again;
  readonly vendor: string;
  readonly judgement: Judgement;
}

/** Of a request, or ABSENT or NOT_LOGGED. */
export interface Again {
  readonly startMs: number;
  readonly requestBytes: number;
  readonly attempt: number;
  readonly idempotencyKey: string | number;
  readonly location: string | number;
}

/** Every line of a log that has a status, by its path; a line that cannot be read is an error. */
export function judgedByPath(format: FormatName, log: string): Map<string, JudgedLine> {
  const lines = new Map<string, JudgedLine>();
  const reader = new EventReader(FORMATS[format], {}, (outcome, request, bytes, start, end) => {
    const line = Buffer.from(bytes.subarray(start, end)).toString();
    if (outcome === NO_STATUS) return;
    if (outcome !== READ) throw new Error(`not read (${outcome}): ${line}`);
    const judged = judgedLine(request);
    if (lines.has(judged.path)) throw new Error(`logged twice: ${line}`);
    lines.set(judged.path, judged);
  });
  reader.push(Buffer.from(log, 'latin1'));
  reader.end();
  return lines;
}

function judgedLine(request: Request): JudgedLine {
  const vendor = route(request);
  return {
    code: request.code,
    method: METHODS[request.method],
    path: request.path.toString(),
    host: request.host.toString(),
    durationMicros: request.durationMicros,
    retryAfter: request.retryAfter,
    earlierAttempts: [...request.earlierAttempts.subarray(0, request.attemptCount)],
    again: againOf(request),
    vendor: catalogue.vendors[vendor]!,
    judgement: catalogue.judgement(judge.cell(vendor, request)),
  };
}

const againOf = ({ startMs, requestBytes, attempt, idempotencyKey, location }: Request): Again => ({
  startMs,
  requestBytes,
  attempt,
  idempotencyKey: valueOf(idempotencyKey),
  location: valueOf(location),
});

const valueOf = (text: Text): string | number => (text.present ? text.toString() : text.start);
