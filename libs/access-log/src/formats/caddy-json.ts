import {
  countValue,
  decimalValue,
  methodValue,
  retryAfterValue,
  textValue,
  timeValue,
} from '../field-values.js';
import type { JsonFormat } from '../format.js';
import { JsonFields } from '../json-fields.js';
import { JsonObjectReader } from '../json-object-reader.js';
import { attemptOfHeaders, headerText, withoutHeader } from '../logged-headers.js';
import { NOT_LOGGED, type Request } from '../request.js';
import { startBeforeEnd } from '../start-time.js';

/** The keys that are read, from the outside in, and their slots. Of a header, Caddy logs the list of its values. */
const PATHS = [
  'ts',
  'status',
  'duration',
  'size',
  'bytes_read',
  'user_id',
  'request/method',
  'request/host',
  'request/uri',
  'request/client_ip',
  'request/remote_ip',
  'request/headers',
  'request/headers/User-Agent/0',
  'request/headers/If-None-Match/0',
  'request/headers/If-Match/0',
  'request/headers/Content-Length/0',
  'request/headers/Idempotency-Key/0',
  'request/headers/X-Attempt/0',
  'request/headers/Amz-Sdk-Request/0',
  'resp_headers',
  'resp_headers/Retry-After/0',
  'resp_headers/Content-Type/0',
  'resp_headers/X-Partial-Success/0',
  'resp_headers/Location/0',
] as const;
const slotOf = (path: (typeof PATHS)[number]): number => PATHS.indexOf(path);

const TS = slotOf('ts');
const STATUS = slotOf('status');
const DURATION = slotOf('duration');
const SIZE = slotOf('size');
const BYTES_READ = slotOf('bytes_read');
const USER_ID = slotOf('user_id');
const METHOD = slotOf('request/method');
const HOST = slotOf('request/host');
const URI = slotOf('request/uri');
const CLIENT_IP = slotOf('request/client_ip');
const REMOTE_IP = slotOf('request/remote_ip');
const REQUEST_HEADERS = slotOf('request/headers');
const USER_AGENT = slotOf('request/headers/User-Agent/0');
const IF_NONE_MATCH = slotOf('request/headers/If-None-Match/0');
const IF_MATCH = slotOf('request/headers/If-Match/0');
const CONTENT_LENGTH = slotOf('request/headers/Content-Length/0');
const IDEMPOTENCY_KEY = slotOf('request/headers/Idempotency-Key/0');
const ATTEMPTS = [slotOf('request/headers/X-Attempt/0'), slotOf('request/headers/Amz-Sdk-Request/0')];
const RESPONSE_HEADERS = slotOf('resp_headers');
const RETRY_AFTER = slotOf('resp_headers/Retry-After/0');
const CONTENT_TYPE = slotOf('resp_headers/Content-Type/0');
const PARTIAL_SUCCESS = slotOf('resp_headers/X-Partial-Success/0');
const LOCATION = slotOf('resp_headers/Location/0');

const MICROS = 6;

class CaddyJsonReader extends JsonObjectReader {
  constructor() {
    super(new JsonFields(PATHS.map((path) => path.split('/'))));
  }

  protected statusSlot(): number {
    return STATUS;
  }

  protected readFields(request: Request): void {
    this.readRequest(request);
    this.readResponse(request);
  }

  private readRequest(request: Request): void {
    const fields = this.object;
    request.timeMs = timeValue(fields, TS, undefined);
    request.method = methodValue(fields, METHOD);
    textValue(fields, HOST, request.host);
    textValue(fields, URI, request.path);
    textValue(fields, REMOTE_IP, request.client);
    textValue(fields, CLIENT_IP, request.client); // behind another proxy, the one that it forwards for
    textValue(fields, USER_ID, request.consumer);
    headerText(fields, USER_AGENT, REQUEST_HEADERS, request.userAgent);
    headerText(fields, IF_NONE_MATCH, REQUEST_HEADERS, request.ifNoneMatch);
    headerText(fields, IF_MATCH, REQUEST_HEADERS, request.ifMatch);
    headerText(fields, IDEMPOTENCY_KEY, REQUEST_HEADERS, request.idempotencyKey);
    request.attempt = attemptOfHeaders(fields, ATTEMPTS, REQUEST_HEADERS);
    request.requestBytes = this.requestBytes();
  }

  /** What Caddy read of the body; of versions that do not log that, what the client said that there was to read. */
  private requestBytes(): number {
    const fields = this.object;
    const read = decimalValue(fields, BYTES_READ, 0);
    if (read !== NOT_LOGGED) return read;
    const announced = decimalValue(fields, CONTENT_LENGTH, 0);
    return announced === NOT_LOGGED ? withoutHeader(fields, REQUEST_HEADERS) : announced;
  }

  private readResponse(request: Request): void {
    const fields = this.object;
    request.durationMicros = decimalValue(fields, DURATION, MICROS);
    startBeforeEnd(request);
    request.bodyBytes = decimalValue(fields, SIZE, 0);
    const unsent = withoutHeader(fields, RESPONSE_HEADERS);
    const retryAfter = retryAfterValue(fields, RETRY_AFTER, request.timeMs);
    request.retryAfter = retryAfter === NOT_LOGGED ? unsent : retryAfter;
    const partialSuccess = countValue(fields, PARTIAL_SUCCESS);
    request.partialSuccess = partialSuccess === NOT_LOGGED ? unsent : partialSuccess;
    headerText(fields, CONTENT_TYPE, RESPONSE_HEADERS, request.contentType);
    headerText(fields, LOCATION, RESPONSE_HEADERS, request.location);
  }
}

export const caddyJson: JsonFormat = {
  name: 'caddy-json',
  about: 'The JSON access log of Caddy; it does not show who made a status.',
  kind: 'json',
  origins: ['unknown'],
  reader: () => new CaddyJsonReader(),
};
