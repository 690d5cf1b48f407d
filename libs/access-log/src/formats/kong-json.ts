import * as bytesOf from '../ascii.js';
import { isOwnOfNginx, keepAttempts, lastAttemptStart } from '../attempts.js';
import { wholeNumber } from '../decimal.js';
import {
  countValue,
  decimalValue,
  methodValue,
  presence,
  retryAfterValue,
  textValue,
  timeValue,
} from '../field-values.js';
import type { JsonFormat } from '../format.js';
import {
  CLIENT_CLOSED,
  UNSPECIFIED,
  UPSTREAM_TIMEOUT,
  UPSTREAM_UNREACHABLE,
  byGateway,
  causeWithoutUpstream,
} from '../gateway-cause.js';
import { JsonFields } from '../json-fields.js';
import { JsonObjectReader } from '../json-object-reader.js';
import { attemptOfHeaders, headerText, withoutHeader } from '../logged-headers.js';
import { MISSING } from '../json-word.js';
import { BY_VENDOR, NOT_LOGGED, type Request } from '../request.js';
import { startAtTime } from '../start-time.js';

const { DASH } = bytesOf; // V8 folds a module's own constants, not imported ones

/** The keys that are read, from the outside in, and their slots. Kong writes the names of headers in lower case. */
const PATHS = [
  'started_at',
  'client_ip',
  'source',
  'partial_success',
  'error_code',
  'upstream_status',
  'latencies/request',
  'latencies/proxy',
  'consumer/username',
  'authenticated_entity/id',
  'request/id',
  'request/method',
  'request/uri',
  'request/size',
  'request/headers',
  'request/headers/host',
  'request/headers/user-agent',
  'request/headers/if-none-match',
  'request/headers/if-match',
  'request/headers/idempotency-key',
  'request/headers/x-attempt',
  'request/headers/amz-sdk-request',
  'response/status',
  'response/headers',
  'response/headers/retry-after',
  'response/headers/content-type',
  'response/headers/x-partial-success',
  'response/headers/location',
] as const;
const slotOf = (path: (typeof PATHS)[number]): number => PATHS.indexOf(path);

const STARTED_AT = slotOf('started_at');
const CLIENT_IP = slotOf('client_ip');
const SOURCE = slotOf('source');
/** Of the plugin in docs/gateways/evidence.md. */
const LOGGED_PARTIAL_SUCCESS = slotOf('partial_success');
const ERROR_CODE = slotOf('error_code');
const UPSTREAM_STATUS = slotOf('upstream_status');
const REQUEST_TIME = slotOf('latencies/request');
const PROXY_TIME = slotOf('latencies/proxy');
const CONSUMER = slotOf('consumer/username');
const CREDENTIAL = slotOf('authenticated_entity/id');
const REQUEST_ID = slotOf('request/id');
const METHOD = slotOf('request/method');
const URI = slotOf('request/uri');
const SIZE = slotOf('request/size');
const REQUEST_HEADERS = slotOf('request/headers');
const HOST = slotOf('request/headers/host');
const USER_AGENT = slotOf('request/headers/user-agent');
const IF_NONE_MATCH = slotOf('request/headers/if-none-match');
const IF_MATCH = slotOf('request/headers/if-match');
const IDEMPOTENCY_KEY = slotOf('request/headers/idempotency-key');
const ATTEMPTS = [slotOf('request/headers/x-attempt'), slotOf('request/headers/amz-sdk-request')];
const STATUS = slotOf('response/status');
const RESPONSE_HEADERS = slotOf('response/headers');
const RETRY_AFTER = slotOf('response/headers/retry-after');
const CONTENT_TYPE = slotOf('response/headers/content-type');
const PARTIAL_SUCCESS = slotOf('response/headers/x-partial-success');
const LOCATION = slotOf('response/headers/location');

const MICROS_OF_MS = 3;
const LOWER_U = 0x75;

/**
 * `response.size` is not taken: it counts the headers in.
 * https://github.com/Kong/kong/blob/3.9.0/kong/pdk/log.lua
 */
class KongJsonReader extends JsonObjectReader {
  constructor() {
    super(new JsonFields(PATHS.map((path) => path.split('/'))));
  }

  protected statusSlot(): number {
    return STATUS;
  }

  protected readFields(request: Request): void {
    this.readRequest(request);
    this.readResponse(request);
    this.readOrigin(request);
  }

  private readRequest(request: Request): void {
    const fields = this.object;
    request.timeMs = timeValue(fields, STARTED_AT, 'ms');
    startAtTime(request);
    request.requestBytes = decimalValue(fields, SIZE, 0);
    request.method = methodValue(fields, METHOD);
    textValue(fields, URI, request.path);
    textValue(fields, CLIENT_IP, request.client);
    textValue(fields, CREDENTIAL, request.consumer);
    textValue(fields, CONSUMER, request.consumer);
    textValue(fields, REQUEST_ID, request.requestId);
    headerText(fields, HOST, REQUEST_HEADERS, request.host);
    headerText(fields, USER_AGENT, REQUEST_HEADERS, request.userAgent);
    headerText(fields, IF_NONE_MATCH, REQUEST_HEADERS, request.ifNoneMatch);
    headerText(fields, IF_MATCH, REQUEST_HEADERS, request.ifMatch);
    headerText(fields, IDEMPOTENCY_KEY, REQUEST_HEADERS, request.idempotencyKey);
    request.attempt = attemptOfHeaders(fields, ATTEMPTS, REQUEST_HEADERS);
  }

  private readResponse(request: Request): void {
    const fields = this.object;
    request.durationMicros = decimalValue(fields, REQUEST_TIME, MICROS_OF_MS);
    const unsent = withoutHeader(fields, RESPONSE_HEADERS);
    const retryAfter = retryAfterValue(fields, RETRY_AFTER, request.timeMs);
    request.retryAfter = retryAfter === NOT_LOGGED ? unsent : retryAfter;
    request.partialSuccess = this.partialSuccess(unsent);
    textValue(fields, ERROR_CODE, request.errorCode);
    headerText(fields, CONTENT_TYPE, RESPONSE_HEADERS, request.contentType);
    headerText(fields, LOCATION, RESPONSE_HEADERS, request.location);
  }

  /** What the body told, else what the header did. */
  private partialSuccess(unsent: number): number {
    const fields = this.object;
    const ofBody = countValue(fields, LOGGED_PARTIAL_SUCCESS);
    const count = ofBody === NOT_LOGGED ? countValue(fields, PARTIAL_SUCCESS) : ofBody;
    return count === NOT_LOGGED ? unsent : count;
  }

  /**
   * Kong is nginx, which writes the 502 and 504 of its own into `upstream_status` too. `source` tells them apart since
   * Kong 3.6; a `latencies.proxy` of -1 says that no header of an upstream ever came.
   */
  private readOrigin(request: Request): void {
    const isLogged = presence(this.object, UPSTREAM_STATUS) === 0;
    const isLast = isLogged && this.readAttempts(request);
    if (this.isKongs()) byGateway(request, this.causeOf(request.code));
    else if (isLogged && !isLast) byGateway(request, UNSPECIFIED);
    else if (this.object.kind(SOURCE) !== MISSING || (isLast && !isOwnOfNginx(request.code)))
      request.origin = BY_VENDOR;
  }

  /** @returns whether the last upstream that was asked gave the status that the client got */
  private readAttempts(request: Request): boolean {
    const { bytes } = this.object;
    const start = this.object.start(UPSTREAM_STATUS);
    const end = this.object.endOf(UPSTREAM_STATUS);
    const last = lastAttemptStart(bytes, start, end);
    const isLast = wholeNumber(bytes, last, end) === request.code;
    keepAttempts(bytes, start, isLast ? last : end, request);
    return isLast;
  }

  /** `source` is `kong` or, of an answer that came, `upstream`; a client that left before one is `upstream` too. */
  private isKongs(): boolean {
    const { bytes } = this.object;
    if (presence(this.object, PROXY_TIME) === 0 && bytes[this.object.start(PROXY_TIME)] === DASH) return true;
    return presence(this.object, SOURCE) === 0 && bytes[this.object.start(SOURCE)] !== LOWER_U;
  }

  private causeOf(code: number): number {
    if (code === 499) return CLIENT_CLOSED;
    const isAsked = presence(this.object, UPSTREAM_STATUS) === 0;
    if (!isAsked || !isOwnOfNginx(code)) return causeWithoutUpstream(code);
    return code === 504 ? UPSTREAM_TIMEOUT : UPSTREAM_UNREACHABLE;
  }
}

export const kongJson: JsonFormat = {
  name: 'kong-json',
  about: 'What Kong’s http-log and file-log plugins write; shows who made a status.',
  kind: 'json',
  origins: ['unknown', 'vendor', 'gateway'],
  reader: () => new KongJsonReader(),
};
