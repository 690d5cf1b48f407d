import { isAnybody, isOwnOfNginx, keepAttempts, lastAttemptStart } from '../attempts.js';
import { wholeNumber } from '../decimal.js';
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
import {
  CLIENT_CLOSED,
  THROTTLED,
  UNSPECIFIED,
  UPSTREAM_TIMEOUT,
  UPSTREAM_UNREACHABLE,
  byGateway,
  causeWithoutUpstream,
} from '../gateway-cause.js';
import { JsonFields } from '../json-fields.js';
import { JsonObjectReader } from '../json-object-reader.js';
import { MISSING } from '../json-word.js';
import { ABSENT, BY_GATEWAY, BY_UNKNOWN, BY_VENDOR, NOT_LOGGED, type Request } from '../request.js';
import { startBeforeEnd } from '../start-time.js';

/**
 * What to put into nginx.conf. Everything is quoted but the numbers that nginx always has, so that the line stays
 * JSON whatever a variable holds.
 */
export const LOG_FORMAT = `log_format json escape=json '{"time":"$time_iso8601","msec":"$msec","remote_addr":"$remote_addr","host":"$http_host","request_method":"$request_method","request_uri":"$request_uri","status":"$status","body_bytes_sent":$body_bytes_sent,"request_length":$request_length,"request_time":$request_time,"upstream_addr":"$upstream_addr","upstream_status":"$upstream_status","upstream_response_time":"$upstream_response_time","upstream_header_time":"$upstream_header_time","upstream_bytes_received":"$upstream_bytes_received","retry_after":"$sent_http_retry_after","upstream_retry_after":"$upstream_http_retry_after","limit_req_status":"$limit_req_status","completion":"$request_completion","content_type":"$sent_http_content_type","location":"$sent_http_location","if_none_match":"$http_if_none_match","if_match":"$http_if_match","idempotency_key":"$http_idempotency_key","attempt":"$http_x_attempt$http_amz_sdk_request","partial_success":"$sent_http_x_partial_success","request_id":"$request_id","http_user_agent":"$http_user_agent"}';`;

/** The keys that are read, and their slots. Those at the end are extras that LOG_FORMAT does not have. */
const KEY = {
  time: 0,
  msec: 1,
  remote_addr: 2,
  host: 3,
  request_method: 4,
  request_uri: 5,
  status: 6,
  body_bytes_sent: 7,
  request_time: 8,
  upstream_addr: 9,
  upstream_status: 10,
  upstream_header_time: 11,
  retry_after: 12,
  upstream_retry_after: 13,
  limit_req_status: 14,
  completion: 15,
  content_type: 16,
  if_none_match: 17,
  if_match: 18,
  partial_success: 19,
  request_id: 20,
  http_user_agent: 21,
  request_length: 22,
  location: 23,
  idempotency_key: 24,
  attempt: 25,
  remote_user: 26,
  consumer: 27,
  error_code: 28,
  timeout_param: 29,
  device: 30,
  model: 31,
} as const;

const MILLIS = 3;
const MICROS = 6;
/**
 * `$body_bytes_sent` counts the framing of chunks: a blank body that came without a length has 5 bytes (`0`, CR LF
 * twice). So has a text of five letters; which of the two it was is not in the log.
 */
const BLANK_CHUNKS = 5;
/** `REJECTED`; `REJECTED_DRY_RUN` is longer and rejects nothing. */
const REJECTED_LENGTH = 8;
const UPPER_R = 0x52;

class NginxJsonReader extends JsonObjectReader {
  constructor() {
    super(JsonFields.ofKeys(KEY));
  }

  protected statusSlot(): number {
    return KEY.status;
  }

  protected readFields(request: Request): void {
    this.readRequest(request);
    this.readResponse(request);
    this.readOrigin(request);
    this.readRetryAfter(request);
  }

  private readRequest(request: Request): void {
    const fields = this.object;
    const msec = decimalValue(fields, KEY.msec, MILLIS);
    request.timeMs = msec >= 0 ? msec : timeValue(fields, KEY.time, 'iso8601');
    request.method = methodValue(fields, KEY.request_method);
    request.timeoutParam =
      presence(fields, KEY.timeout_param) === 0 ? 1 : presence(fields, KEY.timeout_param);
    textValue(fields, KEY.remote_addr, request.client);
    textValue(fields, KEY.host, request.host);
    textValue(fields, KEY.request_uri, request.path);
    textValue(fields, KEY.if_none_match, request.ifNoneMatch);
    textValue(fields, KEY.if_match, request.ifMatch);
    textValue(fields, KEY.request_id, request.requestId);
    textValue(fields, KEY.http_user_agent, request.userAgent);
    textValue(fields, KEY.remote_user, request.consumer);
    textValue(fields, KEY.consumer, request.consumer);
    textValue(fields, KEY.device, request.device);
    textValue(fields, KEY.model, request.model);
    request.requestBytes = decimalValue(fields, KEY.request_length, 0);
    request.attempt = attemptValue(fields, KEY.attempt);
    textValue(fields, KEY.idempotency_key, request.idempotencyKey);
  }

  private readResponse(request: Request): void {
    const fields = this.object;
    const bodyBytes = decimalValue(fields, KEY.body_bytes_sent, 0);
    request.bodyBytes = bodyBytes === BLANK_CHUNKS ? NOT_LOGGED : bodyBytes;
    request.durationMicros = decimalValue(fields, KEY.request_time, MICROS);
    startBeforeEnd(request);
    request.partialSuccess = countValue(fields, KEY.partial_success);
    // $request_completion is OK or empty: its absence is the news
    const completion = presence(fields, KEY.completion);
    request.complete = completion === NOT_LOGGED ? NOT_LOGGED : completion === ABSENT ? 0 : 1;
    textValue(fields, KEY.content_type, request.contentType);
    textValue(fields, KEY.error_code, request.errorCode);
    textValue(fields, KEY.location, request.location);
  }

  /**
   * Who made the status. Measured with nginx 1.22: of its own 504 and 502 `$upstream_status` says 504 and 502 as well;
   * the tell is that the last `$upstream_header_time` is `-`, since no header ever came.
   */
  private readOrigin(request: Request): void {
    if (!this.isAnyLogged()) request.origin = BY_UNKNOWN;
    else if (!this.isAnyoneAsked()) byGateway(request, this.causeUnasked(request.code));
    else this.readLastAttempt(request);
    if (request.code === 499 && request.origin !== BY_VENDOR) byGateway(request, CLIENT_CLOSED);
  }

  private readLastAttempt(request: Request): void {
    const { bytes } = this.object;
    const start = this.object.start(KEY.upstream_status);
    const end = this.object.endOf(KEY.upstream_status);
    if (presence(this.object, KEY.upstream_status) < 0) {
      // asked, but what it answered is not in the log
      if (this.isSilent()) byGateway(request, causeOfSilence(request.code, request.code));
      return;
    }
    const last = lastAttemptStart(bytes, start, end);
    const lastCode = wholeNumber(bytes, last, end);
    keepAttempts(bytes, start, lastCode === request.code ? last : end, request);
    if (this.isSilent()) byGateway(request, causeOfSilence(request.code, lastCode));
    else if (lastCode !== request.code) byGateway(request, UNSPECIFIED);
    else if (this.hasHeaderTime() || !isOwnOfNginx(lastCode)) request.origin = BY_VENDOR;
  }

  private isAnyLogged(): boolean {
    const fields = this.object;
    return (
      fields.kind(KEY.upstream_status) !== MISSING ||
      fields.kind(KEY.upstream_header_time) !== MISSING ||
      fields.kind(KEY.upstream_addr) !== MISSING
    );
  }

  private isAnyoneAsked(): boolean {
    const fields = this.object;
    return presence(fields, KEY.upstream_status) === 0 || presence(fields, KEY.upstream_addr) === 0;
  }

  private hasHeaderTime(): boolean {
    return this.object.kind(KEY.upstream_header_time) !== MISSING;
  }

  /** The last attempt never sent a header. */
  private isSilent(): boolean {
    const { bytes } = this.object;
    const start = this.object.start(KEY.upstream_header_time);
    const end = this.object.endOf(KEY.upstream_header_time);
    return this.hasHeaderTime() && !isAnybody(bytes, lastAttemptStart(bytes, start, end), end);
  }

  private causeUnasked(code: number): number {
    const fields = this.object;
    const start = fields.start(KEY.limit_req_status);
    const rejected =
      presence(fields, KEY.limit_req_status) === 0 &&
      fields.endOf(KEY.limit_req_status) - start === REJECTED_LENGTH &&
      fields.bytes[start] === UPPER_R;
    return rejected ? THROTTLED : causeWithoutUpstream(code);
  }

  /** An `add_header Retry-After` of the gateway says nothing about a vendor's status, so the two are kept apart. */
  private readRetryAfter(request: Request): void {
    const ofUpstream =
      request.origin !== BY_GATEWAY && this.object.kind(KEY.upstream_retry_after) !== MISSING;
    if (request.origin === BY_VENDOR && !ofUpstream) return;
    const key = ofUpstream ? KEY.upstream_retry_after : KEY.retry_after;
    request.retryAfter = retryAfterValue(this.object, key, request.timeMs);
  }
}

function causeOfSilence(code: number, lastCode: number): number {
  if (code < 400) return UNSPECIFIED;
  return code === 504 || lastCode === 504 ? UPSTREAM_TIMEOUT : UPSTREAM_UNREACHABLE;
}

export const nginxJson: JsonFormat = {
  name: 'nginx-json',
  about:
    'JSON lines of nginx as the log_format in docs/gateways/nginx.md writes them; shows who made a status.',
  kind: 'json',
  origins: ['unknown', 'vendor', 'gateway'],
  reader: () => new NginxJsonReader(),
};
