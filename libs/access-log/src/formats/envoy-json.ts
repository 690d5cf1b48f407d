import { ascii, equalsAscii } from '../ascii.js';
import { flagBits, readEnvoyOrigin } from '../envoy-origin.js';
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
import { JsonFields } from '../json-fields.js';
import { JsonObjectReader } from '../json-object-reader.js';
import { NOT_LOGGED, type Request } from '../request.js';
import { startAtTime } from '../start-time.js';

/** The keys that are read, and their slots; docs/gateways/envoy.md has the json_format that writes them. */
const KEY = {
  start_time: 0,
  method: 1,
  path: 2,
  response_code: 3,
  response_flags: 4,
  response_code_details: 5,
  duration: 6,
  bytes_sent: 7,
  authority: 8,
  upstream_host: 9,
  x_forwarded_for: 10,
  retry_after: 11,
  content_type: 12,
  if_none_match: 13,
  if_match: 14,
  partial_success: 15,
  request_id: 16,
  user_agent: 17,
  error_code: 18,
  device: 19,
  model: 20,
  bytes_received: 21,
  location: 22,
  idempotency_key: 23,
  attempt: 24,
} as const;

const MICROS_OF_MS = 3;
const VIA_UPSTREAM = ascii('via_upstream');

class EnvoyJsonReader extends JsonObjectReader {
  constructor() {
    super(JsonFields.ofKeys(KEY));
  }

  protected statusSlot(): number {
    return KEY.response_code;
  }

  protected readFields(request: Request): void {
    this.readRequest(request);
    this.readResponse(request);
    readEnvoyOrigin(this.flags(), presence(this.object, KEY.upstream_host), this.details(), request);
  }

  private readRequest(request: Request): void {
    const fields = this.object;
    request.timeMs = timeValue(fields, KEY.start_time, undefined);
    startAtTime(request);
    request.requestBytes = decimalValue(fields, KEY.bytes_received, 0);
    request.attempt = attemptValue(fields, KEY.attempt);
    request.method = methodValue(fields, KEY.method);
    textValue(fields, KEY.path, request.path);
    textValue(fields, KEY.authority, request.host);
    textValue(fields, KEY.x_forwarded_for, request.client);
    textValue(fields, KEY.if_none_match, request.ifNoneMatch);
    textValue(fields, KEY.if_match, request.ifMatch);
    textValue(fields, KEY.request_id, request.requestId);
    textValue(fields, KEY.user_agent, request.userAgent);
    textValue(fields, KEY.device, request.device);
    textValue(fields, KEY.model, request.model);
    textValue(fields, KEY.idempotency_key, request.idempotencyKey);
  }

  private readResponse(request: Request): void {
    const fields = this.object;
    request.durationMicros = decimalValue(fields, KEY.duration, MICROS_OF_MS);
    request.bodyBytes = decimalValue(fields, KEY.bytes_sent, 0);
    request.retryAfter = retryAfterValue(fields, KEY.retry_after, request.timeMs);
    request.partialSuccess = countValue(fields, KEY.partial_success);
    textValue(fields, KEY.content_type, request.contentType);
    textValue(fields, KEY.error_code, request.errorCode);
    textValue(fields, KEY.location, request.location);
  }

  private flags(): number {
    const fields = this.object;
    const state = presence(fields, KEY.response_flags);
    if (state < 0) return state === NOT_LOGGED ? NOT_LOGGED : 0;
    return flagBits(fields.bytes, fields.start(KEY.response_flags), fields.endOf(KEY.response_flags));
  }

  /** `via_upstream` is the one detail that names the upstream as the maker of the code. */
  private details(): number {
    const fields = this.object;
    if (presence(fields, KEY.response_code_details) < 0) return NOT_LOGGED;
    const start = fields.start(KEY.response_code_details);
    return equalsAscii(fields.bytes, start, start + VIA_UPSTREAM.length, VIA_UPSTREAM) ? 1 : 0;
  }
}

export const envoyJson: JsonFormat = {
  name: 'envoy-json',
  about:
    'JSON lines of Envoy as the json_format in docs/gateways/envoy.md writes them; shows who made a status.',
  kind: 'json',
  origins: ['unknown', 'vendor', 'gateway'],
  reader: () => new EnvoyJsonReader(),
};
