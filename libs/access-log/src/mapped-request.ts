import { authorityStart } from './absolute-form.js';
import * as bytesOf from './ascii.js';
import { keepAttempts, lastAttemptStart } from './attempts.js';
import { byteAt } from './byte-search.js';
import { wholeNumber } from './decimal.js';
import {
  attemptValue,
  countValue,
  durationValue,
  flagValue,
  methodValue,
  presence,
  retryAfterValue,
  decimalValue,
  statusValue,
  textValue,
  timeValue,
} from './field-values.js';
import type { Fields } from './fields.js';
import {
  type FieldMapping,
  type FieldMappings,
  type MappedField,
  type Unit,
  MAPPED_FIELDS,
} from './format.js';
import { UNSPECIFIED, causeWithoutUpstream } from './gateway-cause.js';
import { JoinedText } from './joined-text.js';
import { MISSING, STRING } from './json-word.js';
import { methodIndex } from './method-text.js';
import { ABSENT, BY_GATEWAY, BY_VENDOR, NOT_LOGGED, type Request, Text } from './request.js';
import { NO_METHOD, methodEnd, protocolStart } from './request-line.js';
import { startBeforeEnd } from './start-time.js';

const { DASH, SLASH, ZERO } = bytesOf; // V8 folds a module's own constants, not imported ones
const UPPER_X = 0x58;
const QUESTION_MARK = 0x3f;

/** Where a field may stand; the first place that a line has wins. */
export type FieldPlaces = Readonly<Partial<Record<MappedField, readonly FieldMapping[]>>>;

interface Place {
  readonly slot: number;
  readonly unit: Unit | undefined;
}

/** A place for a table of usual keys. A slash leads into an object, or to a place in a list. */
export const key = (path: string, unit?: Unit): FieldMapping => ({ path: path.split('/'), unit });

/** Fills requests from fields that users name, or from the usual ones if they name none. */
export class MappedRequest {
  /** What the fields must have a slot for, in the order of the slots. */
  readonly paths: (readonly string[])[] = [];
  private readonly places: Readonly<Record<MappedField, readonly Place[]>>;
  /** The slot behind the last one, which no line fills. */
  private readonly nowhere: Place;
  private readonly requestLine = new Text();
  private readonly query = new Text();
  private readonly target = new JoinedText();

  constructor(mappings: FieldMappings, usual: FieldPlaces) {
    const wanted = Object.keys(mappings).length > 0 ? listed(mappings) : usual;
    this.places = Object.fromEntries(
      MAPPED_FIELDS.map((field) => [
        field,
        (wanted[field] ?? []).map(({ path, unit }) => ({ slot: this.slotOf(path), unit })),
      ]),
    ) as unknown as Record<MappedField, readonly Place[]>;
    this.nowhere = { slot: this.paths.length, unit: undefined };
  }

  /** The slot that holds the status in this line. */
  statusSlot(fields: Fields): number {
    return this.find(fields, 'status').slot;
  }

  /** @returns an index of OUTCOMES; only a line that is read fills the request */
  readStatus(fields: Fields, request: Request): number {
    return statusValue(fields, this.statusSlot(fields), request);
  }

  /** Everything but the status. */
  readFields(fields: Fields, request: Request): void {
    this.readNumbers(fields, request);
    this.readTexts(fields, request);
    this.readRequestLine(fields, request);
    splitTarget(request);
    this.readOrigin(fields, request);
  }

  private readNumbers(fields: Fields, request: Request): void {
    const time = this.find(fields, 'time');
    request.timeMs = timeValue(fields, time.slot, time.unit);
    const duration = this.find(fields, 'duration');
    request.durationMicros = durationValue(fields, duration.slot, duration.unit);
    request.method = methodValue(fields, this.find(fields, 'method').slot);
    request.bodyBytes = decimalValue(fields, this.find(fields, 'body_bytes').slot, 0);
    request.retryAfter = retryAfterValue(fields, this.find(fields, 'retry_after').slot, request.timeMs);
    request.partialSuccess = countValue(fields, this.find(fields, 'partial_success').slot);
    const timeoutParam = presence(fields, this.find(fields, 'timeout_param').slot);
    request.timeoutParam = timeoutParam < 0 ? timeoutParam : 1;
    request.complete = completeness(fields, this.find(fields, 'complete').slot);
    request.requestBytes = decimalValue(fields, this.find(fields, 'request_bytes').slot, 0);
    request.attempt = this.attempt(fields);
    this.readStart(fields, request);
  }

  /** The number that a client gives itself, else one more than how often it has sent the request before. */
  private attempt(fields: Fields): number {
    const attempt = attemptValue(fields, this.find(fields, 'attempt').slot);
    if (attempt >= 0) return attempt;
    const before = decimalValue(fields, this.find(fields, 'resend_count').slot, 0);
    return before >= 0 ? before + 1 : Math.max(attempt, before);
  }

  private readStart(fields: Fields, request: Request): void {
    const start = this.find(fields, 'start_time');
    request.startMs = timeValue(fields, start.slot, start.unit);
    if (request.startMs < 0) startBeforeEnd(request);
  }

  private readTexts(fields: Fields, request: Request): void {
    textValue(fields, this.find(fields, 'path').slot, request.path);
    this.addQuery(fields, request.path);
    textValue(fields, this.find(fields, 'host').slot, request.host);
    textValue(fields, this.find(fields, 'content_type').slot, request.contentType);
    textValue(fields, this.find(fields, 'if_match').slot, request.ifMatch);
    textValue(fields, this.find(fields, 'if_none_match').slot, request.ifNoneMatch);
    textValue(fields, this.find(fields, 'error_code').slot, request.errorCode);
    textValue(fields, this.find(fields, 'request_id').slot, request.requestId);
    textValue(fields, this.find(fields, 'client').slot, request.client);
    textValue(fields, this.find(fields, 'consumer').slot, request.consumer);
    textValue(fields, this.find(fields, 'user_agent').slot, request.userAgent);
    textValue(fields, this.find(fields, 'device').slot, request.device);
    textValue(fields, this.find(fields, 'model').slot, request.model);
    textValue(fields, this.find(fields, 'location').slot, request.location);
    textValue(fields, this.find(fields, 'idempotency_key').slot, request.idempotencyKey);
    if (isStatus(request.errorCode, request.code)) request.errorCode.unset(NOT_LOGGED);
  }

  /** Of a log that has the query apart from the path, with or without its question mark. */
  private addQuery(fields: Fields, path: Text): void {
    if (!path.present) return;
    const { slot } = this.find(fields, 'query');
    if (fields.kind(slot) !== STRING || fields.start(slot) === fields.endOf(slot)) return;
    if (byteAt(QUESTION_MARK, path.bytes, path.start, path.end) < path.end) return;
    const { query } = this;
    fields.toText(slot, query);
    const from = query.bytes[query.start] === QUESTION_MARK ? query.start + 1 : query.start;
    this.target.join(path, QUESTION_MARK, query.bytes, from, query.end);
  }

  /** `GET /x HTTP/1.1` in one field; fields of their own for method and path come first. */
  private readRequestLine(fields: Fields, request: Request): void {
    const { slot } = this.find(fields, 'request_line');
    if (presence(fields, slot) === NOT_LOGGED) return;
    if (request.method === NOT_LOGGED) request.method = ABSENT;
    if (request.path.start === NOT_LOGGED) request.path.unset(ABSENT);
    const line = this.requestLine;
    fields.toText(slot, line);
    const afterMethod = methodEnd(line.bytes, line.start, line.end);
    if (afterMethod === NO_METHOD) return; // a TLS hello, `-`, nothing at all
    if (request.method < 0) request.method = methodIndex(line.bytes, line.start, afterMethod);
    if (request.path.present) return;
    request.path.set(line.bytes, afterMethod + 1, protocolStart(line.bytes, afterMethod + 1, line.end));
  }

  /** The status of the upstream, if the log has it: the same as the client's is the vendor's own, none is no one's. */
  private readOrigin(fields: Fields, request: Request): void {
    const { slot } = this.find(fields, 'upstream_status');
    const state = presence(fields, slot);
    if (state === NOT_LOGGED) return;
    const { bytes } = fields;
    const start = fields.start(slot);
    const end = fields.endOf(slot);
    request.origin = BY_GATEWAY;
    if (state === ABSENT || isZero(bytes, start, end)) {
      request.cause = causeWithoutUpstream(request.code);
      return;
    }
    const last = lastAttemptStart(bytes, start, end);
    const isVendors = wholeNumber(bytes, last, end) === request.code;
    keepAttempts(bytes, start, isVendors ? last : end, request);
    if (isVendors) request.origin = BY_VENDOR;
    request.cause = UNSPECIFIED;
  }

  private find(fields: Fields, field: MappedField): Place {
    const places = this.places[field];
    for (let i = 0; i < places.length; i++) {
      const place = places[i]!;
      if (fields.kind(place.slot) !== MISSING) return place;
    }
    return this.nowhere;
  }

  private slotOf(path: readonly string[]): number {
    const known = this.paths.findIndex((other) => other.join('\0') === path.join('\0'));
    return known >= 0 ? known : this.paths.push(path) - 1;
  }
}

const listed = (mappings: FieldMappings): FieldPlaces =>
  Object.fromEntries(Object.entries(mappings).map(([field, mapping]) => [field, [mapping]]));

/** Of `https://host/path`, the path; a host that has a field of its own is the one to trust. */
function splitTarget({ path, host }: Request): void {
  if (!path.present || path.bytes[path.start] === SLASH) return;
  const authority = authorityStart(path.bytes, path.start, path.end);
  if (authority < 0) return;
  const slash = byteAt(SLASH, path.bytes, authority, path.end);
  if (!host.present && slash > authority) host.set(path.bytes, authority, slash);
  if (slash < path.end) path.start = slash;
  else path.unset(ABSENT);
}

/** OpenTelemetry's `error.type` repeats the status where nothing better is known: that is no code of the vendor's. */
const isStatus = ({ bytes, start, end }: Text, code: number): boolean =>
  end - start === 3 && wholeNumber(bytes, start, end) === code;

/** Some gateways log 0 where they asked no one. */
const isZero = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 1 && bytes[start] === ZERO;

/** Of a flag, a number, nginx's `OK` or Apache's connection state: `X` is an abort, `+` and `-` are not. */
function completeness(fields: Fields, slot: number): number {
  const flag = flagValue(fields, slot);
  if (flag !== NOT_LOGGED) return flag;
  const state = presence(fields, slot);
  if (state === NOT_LOGGED) return NOT_LOGGED;
  const start = fields.start(slot);
  const isOneByte = fields.endOf(slot) - start === 1;
  const first = fields.bytes[start];
  if (state === ABSENT) return isOneByte && first === DASH ? 1 : 0;
  return isOneByte && (first === ZERO || first === UPPER_X) ? 0 : 1;
}
