import { DASH, ZERO } from '../ascii.js';
import { keepAttempts, lastAttemptStart } from '../attempts.js';
import { wholeNumber } from '../decimal.js';
import {
  countValue,
  decimalValue,
  flagValue,
  methodValue,
  presence,
  retryAfterValue,
  statusValue,
  textValue,
  timeValue,
} from '../field-values.js';
import {
  type FieldMappings,
  type JsonFormat,
  type MappedField,
  type ObjectReader,
  type Unit,
  MAPPED_FIELDS,
  READ,
  outcomeIndex,
} from '../format.js';
import { UNSPECIFIED, causeWithoutUpstream } from '../gateway-cause.js';
import { COMPLETE, INCOMPLETE, JsonFields } from '../json-fields.js';
import { MISSING } from '../json-word.js';
import { ABSENT, BY_GATEWAY, BY_VENDOR, NOT_LOGGED, type Request, type Text } from '../request.js';
import { USUAL_KEYS } from './usual-keys.js';

const MALFORMED_JSON = outcomeIndex('malformed_json');
const TRUNCATED = outcomeIndex('truncated');

/** Powers of ten from a unit to microseconds. */
const MICROS_SCALES: Readonly<Record<Unit, number>> = { s: 6, ms: 3, us: 0, ns: -3, iso8601: 6, clf: 6 };

interface Place {
  readonly slot: number;
  readonly unit: Unit | undefined;
}

class JsonReader implements ObjectReader {
  readonly object: JsonFields;
  /** Of each field the slots to look into, the first one with a value wins. */
  private readonly places: Readonly<Record<MappedField, readonly Place[]>>;

  constructor(mappings: FieldMappings) {
    const keys = Object.keys(mappings).length > 0 ? listed(mappings) : USUAL_KEYS;
    const paths: (readonly string[])[] = [];
    const slotOf = (path: readonly string[]): number => {
      const known = paths.findIndex((other) => other.join('\0') === path.join('\0'));
      return known >= 0 ? known : paths.push(path) - 1;
    };
    this.places = Object.fromEntries(
      MAPPED_FIELDS.map((field) => [
        field,
        (keys[field] ?? []).map(({ path, unit }) => ({ slot: slotOf(path), unit })),
      ]),
    ) as unknown as Record<MappedField, readonly Place[]>;
    this.object = new JsonFields(paths);
  }

  read(bytes: Uint8Array, start: number, end: number, request: Request): number {
    request.reset();
    const walked = this.object.walk(bytes, start, end);
    if (walked !== COMPLETE) return walked === INCOMPLETE ? TRUNCATED : MALFORMED_JSON;
    const outcome = this.readStatus(request);
    if (outcome !== READ) return outcome;
    this.readNumbers(request);
    this.readTexts(request);
    this.readOrigin(request);
    return READ;
  }

  private readStatus(request: Request): number {
    const place = this.find('status');
    return place === undefined
      ? outcomeIndex('missing_status')
      : statusValue(this.object, place.slot, request);
  }

  private readNumbers(request: Request): void {
    const fields = this.object;
    const number = (name: MappedField, read: (slot: number, unit: Unit | undefined) => number): number => {
      const place = this.find(name);
      return place === undefined ? NOT_LOGGED : read(place.slot, place.unit);
    };
    request.timeMs = number('time', (slot, unit) => timeValue(fields, slot, unit));
    request.method = number('method', (slot) => methodValue(fields, slot));
    request.durationMicros = number('duration', (slot, unit) =>
      decimalValue(fields, slot, MICROS_SCALES[unit ?? 's']),
    );
    request.bodyBytes = number('body_bytes', (slot) => decimalValue(fields, slot, 0));
    request.retryAfter = number('retry_after', (slot) => retryAfterValue(fields, slot, request.timeMs));
    request.partialSuccess = number('partial_success', (slot) => countValue(fields, slot));
    request.timeoutParam = number('timeout_param', (slot) => (presence(fields, slot) === 0 ? 1 : ABSENT));
    request.complete = number('complete', (slot) => completeness(fields, slot));
  }

  private readTexts(request: Request): void {
    this.readText('path', request.path);
    this.readText('host', request.host);
    this.readText('content_type', request.contentType);
    this.readText('if_match', request.ifMatch);
    this.readText('if_none_match', request.ifNoneMatch);
    this.readText('error_code', request.errorCode);
    this.readText('request_id', request.requestId);
    this.readText('client', request.client);
    this.readText('consumer', request.consumer);
    this.readText('user_agent', request.userAgent);
    this.readText('device', request.device);
    this.readText('model', request.model);
  }

  private readText(field: MappedField, text: Text): void {
    const place = this.find(field);
    if (place !== undefined) textValue(this.object, place.slot, text);
  }

  /** The status of the upstream, if the log has it: the same as the client's is the vendor's own, none is no one's. */
  private readOrigin(request: Request): void {
    const place = this.find('upstream_status');
    if (place === undefined) return;
    const { bytes } = this.object;
    const start = this.object.start(place.slot);
    const end = this.object.endOf(place.slot);
    request.origin = BY_GATEWAY;
    if (presence(this.object, place.slot) === ABSENT || isZero(bytes, start, end)) {
      request.cause = causeWithoutUpstream(request.code);
      return;
    }
    const last = lastAttemptStart(bytes, start, end);
    const isVendors = wholeNumber(bytes, last, end) === request.code;
    keepAttempts(bytes, start, isVendors ? last : end, request);
    if (isVendors) request.origin = BY_VENDOR;
    request.cause = UNSPECIFIED;
  }

  private find(field: MappedField): Place | undefined {
    const places = this.places[field];
    for (const place of places) if (this.object.kind(place.slot) !== MISSING) return place;
    return undefined;
  }
}

const listed = (mappings: FieldMappings): typeof USUAL_KEYS =>
  Object.fromEntries(Object.entries(mappings).map(([field, mapping]) => [field, [mapping]]));

/** Traefik logs 0 where it answered itself. */
const isZero = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 1 && bytes[start] === ZERO;

/** Of a flag, a number, nginx's `OK` or Apache's connection state: `X` is an abort, `+` and `-` are not. */
function completeness(fields: JsonFields, slot: number): number {
  const flag = flagValue(fields, slot);
  if (flag !== NOT_LOGGED) return flag;
  const start = fields.start(slot);
  const length = fields.endOf(slot) - start;
  const first = fields.bytes[start];
  if (presence(fields, slot) === NOT_LOGGED) return NOT_LOGGED;
  if (presence(fields, slot) === ABSENT) return length === 1 && first === DASH ? 1 : 0;
  return length === 1 && (first === ZERO || first === 0x58) ? 0 : 1;
}

export const json: JsonFormat = {
  name: 'json',
  about:
    'JSON objects with keys of your own: name them under `fields:`, or leave it out for the usual names.',
  kind: 'json',
  origins: ['unknown', 'vendor', 'gateway'],
  reader: (fields) => new JsonReader(fields),
};
