import * as bytesOf from '../ascii.js';
import { ascii, equalsAscii } from '../ascii.js';
import { byteAt } from '../byte-search.js';
import {
  attemptValue,
  countValue,
  decimalValue,
  methodValue,
  presence,
  retryAfterValue,
  textValue,
  timeValue,
} from '../field-values.js';
import type { JsonFormat } from '../format.js';
import { CLIENT_CLOSED, byGateway, causeWithoutUpstream } from '../gateway-cause.js';
import { JsonFields } from '../json-fields.js';
import { JsonObjectReader } from '../json-object-reader.js';
import { MISSING } from '../json-word.js';
import { ABSENT, BY_GATEWAY, BY_VENDOR, NOT_LOGGED, type Request, type Text } from '../request.js';
import { startAtTime, startBeforeEnd } from '../start-time.js';

const { COMMA } = bytesOf; // V8 folds a module's own constants, not imported ones

/** The keys that are read, and their slots; docs/gateways/traefik.md has the settings that log the headers. */
const KEY = {
  StartUTC: 0,
  time: 1,
  ClientHost: 2,
  ClientUsername: 3,
  RequestMethod: 4,
  RequestPath: 5,
  RequestHost: 6,
  RequestAddr: 7,
  DownstreamStatus: 8,
  DownstreamContentSize: 9,
  Duration: 10,
  OriginStatus: 11,
  OriginContentSize: 12,
  ServiceURL: 13,
  ServiceAddr: 14,
  origin_Date: 15,
  'origin_Retry-After': 16,
  'downstream_Retry-After': 17,
  'origin_Content-Type': 18,
  'downstream_Content-Type': 19,
  'origin_X-Partial-Success': 20,
  'downstream_X-Partial-Success': 21,
  'request_If-None-Match': 22,
  'request_If-Match': 23,
  'request_User-Agent': 24,
  'request_X-Request-Id': 25,
  RequestContentSize: 26,
  downstream_Location: 27,
  'request_Idempotency-Key': 28,
  'request_X-Attempt': 29,
  'request_Amz-Sdk-Request': 30,
} as const;

const MICROS_OF_NS = -3;
/** What Traefik writes in place of a header that it was told to hide. */
const REDACTED = ascii('REDACTED');

/**
 * The bodies that Traefik's proxy writes with a status of its own. It logs that status as `OriginStatus` too.
 * https://github.com/traefik/traefik/blob/v3.5/pkg/proxy/httputil/proxy.go
 */
const OWN_BODIES: Readonly<Record<number, string>> = {
  499: 'Client Closed Request',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  504: 'Gateway Timeout',
};
const OWN_BODY_BYTES = Int8Array.from({ length: 600 }, (_, code) => OWN_BODIES[code]?.length ?? NOT_LOGGED);

class TraefikJsonReader extends JsonObjectReader {
  constructor() {
    super(JsonFields.ofKeys(KEY));
  }

  protected statusSlot(): number {
    return KEY.DownstreamStatus;
  }

  protected readFields(request: Request): void {
    this.readRequest(request);
    this.readOrigin(request);
    this.readResponse(request);
  }

  private readRequest(request: Request): void {
    const fields = this.object;
    const start = timeValue(fields, KEY.StartUTC, 'iso8601');
    request.timeMs = start >= 0 ? start : timeValue(fields, KEY.time, 'iso8601');
    request.method = methodValue(fields, KEY.RequestMethod);
    textValue(fields, KEY.RequestPath, request.path);
    textValue(fields, KEY.RequestHost, request.host);
    textValue(fields, KEY.RequestAddr, request.host); // with its port
    textValue(fields, KEY.ClientHost, request.client);
    toFirstOfList(request.client);
    textValue(fields, KEY.ClientUsername, request.consumer);
    textValue(fields, KEY['request_If-None-Match'], request.ifNoneMatch);
    textValue(fields, KEY['request_If-Match'], request.ifMatch);
    textValue(fields, KEY['request_User-Agent'], request.userAgent);
    textValue(fields, KEY['request_X-Request-Id'], request.requestId);
    textValue(fields, KEY['request_Idempotency-Key'], request.idempotencyKey);
    const attempt = this.header(KEY['request_X-Attempt'], KEY['request_Amz-Sdk-Request']);
    request.attempt = attemptValue(fields, attempt);
    request.requestBytes = decimalValue(fields, KEY.RequestContentSize, 0);
  }

  private readResponse(request: Request): void {
    const fields = this.object;
    const withoutHeader = this.withoutHeader();
    request.durationMicros = decimalValue(fields, KEY.Duration, MICROS_OF_NS);
    if (presence(fields, KEY.StartUTC) === 0) startAtTime(request);
    else startBeforeEnd(request);
    textValue(fields, KEY.downstream_Location, request.location);
    request.bodyBytes = decimalValue(fields, KEY.DownstreamContentSize, 0);
    request.retryAfter = this.retryAfter(request);
    const partialSuccess = this.header(KEY['origin_X-Partial-Success'], KEY['downstream_X-Partial-Success']);
    request.partialSuccess = this.isLogged(partialSuccess)
      ? countValue(fields, partialSuccess)
      : withoutHeader;
    request.contentType.unset(withoutHeader);
    textValue(
      fields,
      this.header(KEY['downstream_Content-Type'], KEY['origin_Content-Type']),
      request.contentType,
    );
  }

  /**
   * `OriginStatus` 0 and no server: nobody was asked. A server and its status: the vendor's, unless it may be one of
   * the proxy. An answer whose status differs went through a middleware that may have asked for a page elsewhere.
   */
  private readOrigin(request: Request): void {
    const { code } = request;
    const ofOrigin = decimalValue(this.object, KEY.OriginStatus, 0);
    if (!this.isServerChosen()) {
      if (ofOrigin === 0) byGateway(request, causeWithoutUpstream(code));
    } else if (ofOrigin === code && !this.mayBeOwn(code)) request.origin = BY_VENDOR;
    else if (code === 499) byGateway(request, CLIENT_CLOSED);
  }

  private isServerChosen(): boolean {
    return presence(this.object, KEY.ServiceURL) === 0 || presence(this.object, KEY.ServiceAddr) === 0;
  }

  /** The proxy's own answer has a body of known length, and none of the headers that servers send. */
  private mayBeOwn(code: number): boolean {
    const ownBytes = OWN_BODY_BYTES[code]!;
    if (ownBytes === NOT_LOGGED || this.hasServerHeader()) return false;
    const bytes = decimalValue(this.object, KEY.OriginContentSize, 0);
    return bytes < 0 || bytes === ownBytes || (code === 499 && bytes === 0); // a client that left may get no body
  }

  private hasServerHeader(): boolean {
    return (
      presence(this.object, KEY.origin_Date) === 0 || presence(this.object, KEY['origin_Content-Type']) === 0
    );
  }

  /** Whose `Retry-After`: see docs/gateways/nginx.md, "Retry-After counts only from the upstream". */
  private retryAfter(request: Request): number {
    const { origin } = request;
    const ofOrigin = KEY['origin_Retry-After'];
    if (
      origin !== BY_GATEWAY &&
      (origin === BY_VENDOR || this.isLogged(ofOrigin) || this.withoutHeader() === ABSENT)
    )
      return this.isLogged(ofOrigin) ? this.seconds(ofOrigin, request.timeMs) : this.withoutHeader();
    return this.seconds(KEY['downstream_Retry-After'], request.timeMs);
  }

  private seconds(slot: number, timeMs: number): number {
    const { bytes } = this.object;
    if (presence(this.object, slot) === 0) {
      if (equalsAscii(bytes, this.object.start(slot), this.object.endOf(slot), REDACTED)) return NOT_LOGGED;
    }
    return retryAfterValue(this.object, slot, timeMs);
  }

  /**
   * Traefik logs only the headers that it is told to log, and no key for one that was not sent. `Date`, which every
   * server sends, shows that it was told.
   */
  private withoutHeader(): number {
    return presence(this.object, KEY.origin_Date) === 0 ? ABSENT : NOT_LOGGED;
  }

  private header(slot: number, otherwise: number): number {
    return this.isLogged(slot) ? slot : otherwise;
  }

  private isLogged(slot: number): boolean {
    return this.object.kind(slot) !== MISSING;
  }
}

/** Of `X-Forwarded-For`, which Traefik takes for the client as it comes. */
function toFirstOfList(text: Text): void {
  if (text.present) text.end = byteAt(COMMA, text.bytes, text.start, text.end);
}

export const traefikJson: JsonFormat = {
  name: 'traefik-json',
  about: 'The JSON access log of Traefik; shows who made a status, but for some 500, 502 and 504.',
  kind: 'json',
  origins: ['unknown', 'vendor', 'gateway'],
  reader: () => new TraefikJsonReader(),
};
