import type { FieldMapping } from '../format.js';
import { type FieldPlaces, key } from '../mapped-request.js';

/** OpenTelemetry logs a header as the list of its values; some write the one value alone. */
const header = (name: string): FieldMapping[] => [key(`${name}/0`), key(name)];

/**
 * Where a field usually stands, for sources of format `json` that name no `fields:`; the first key that a line has
 * wins. Units are those of the gateway in brackets. OpenTelemetry's names, today's before those of old:
 * https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/
 *
 * `upstream_status` is not here: nginx writes its own 502 and 504 into it, so a guess would blame the vendor.
 */
export const USUAL_KEYS: FieldPlaces = {
  status: [
    key('status'),
    key('status_code'),
    key('response_code'), // Envoy
    key('http_status'),
    key('DownstreamStatus'), // Traefik
    key('response/status'), // Kong
    key('http/response/status_code'), // ECS
    key('http.response.status_code'), // OpenTelemetry, as all that begins with http., url., server. and client.
    key('http.status_code'),
    key('http.status'),
  ],
  method: [
    key('method'),
    key('request_method'),
    key('RequestMethod'),
    key('request/method'), // Caddy, Kong
    key('http/request/method'),
    key('http.request.method'),
    key('http.method'),
  ],
  path: [
    key('path'),
    key('request_uri'),
    key('uri'),
    key('RequestPath'),
    key('request/uri'),
    key('url/original'),
    key('url.original'),
    key('url.path'),
    key('http.target'),
    key('http.path'),
    key('url.full'),
    key('http.url'),
  ],
  query: [key('query_string'), key('url.query')],
  host: [
    key('host'),
    key('http_host'),
    key('authority'),
    key('RequestHost'),
    key('request/host'),
    key('request/headers/host'), // Kong
    key('server.address'),
    key('http.host'),
    key('net.host.name'),
  ],
  time: [
    key('time'),
    key('@timestamp'),
    key('timestamp'),
    key('ts'), // Caddy
    key('msec'),
    key('start_time'),
    key('started_at'), // Kong
    key('StartUTC'), // Traefik
  ],
  duration: [
    key('duration', 's'), // Caddy
    key('request_time', 's'),
    key('duration_ms', 'ms'),
    key('duration_us', 'us'),
    key('Duration', 'ns'), // Traefik
    key('latencies/request', 'ms'), // Kong
    key('event/duration', 'ns'), // ECS
    key('http.server.request.duration', 's'),
    key('http.server.duration', 'ms'),
  ],
  body_bytes: [
    key('body_bytes_sent'),
    key('DownstreamContentSize'),
    key('http.response.body.size'),
    key('http.response_content_length'),
  ],
  retry_after: [
    key('retry_after'),
    key('origin_Retry-After'),
    key('downstream_Retry-After'),
    key('resp_headers/Retry-After/0'), // Caddy
    key('response/headers/retry-after'), // Kong
    ...header('http.response.header.retry-after'),
    ...header('http.response.header.retry_after'),
  ],
  content_type: [
    key('content_type'),
    key('resp_headers/Content-Type/0'),
    key('response/headers/content-type'),
    ...header('http.response.header.content-type'),
    ...header('http.response.header.content_type'),
  ],
  if_match: [
    key('if_match'),
    key('request/headers/If-Match/0'),
    ...header('http.request.header.if-match'),
    ...header('http.request.header.if_match'),
  ],
  if_none_match: [
    key('if_none_match'),
    key('request/headers/If-None-Match/0'),
    ...header('http.request.header.if-none-match'),
    ...header('http.request.header.if_none_match'),
  ],
  error_code: [key('error_code'), key('error.type')],
  partial_success: [
    key('partial_success'),
    key('partialSuccessResponses'),
    ...header('http.response.header.x-partial-success'),
    ...header('http.response.header.x_partial_success'),
  ],
  request_id: [
    key('request_id'),
    key('x_request_id'),
    key('request/id'),
    ...header('http.request.header.x-request-id'),
    ...header('http.request.header.x_request_id'),
  ],
  client: [
    key('remote_addr'),
    key('client_ip'),
    key('ClientHost'),
    key('request/remote_ip'),
    key('client.address'),
    key('http.client_ip'),
    key('network.peer.address'),
    key('net.sock.peer.addr'),
  ],
  consumer: [key('consumer'), key('remote_user'), key('user_id'), key('user.id'), key('enduser.id')],
  user_agent: [
    key('http_user_agent'),
    key('user_agent'),
    key('request/headers/User-Agent/0'),
    key('user_agent.original'),
    key('http.user_agent'),
  ],
  device: [key('device')],
  model: [key('model')],
  complete: [key('completion')],
  start_time: [key('start_time'), key('started_at'), key('StartUTC'), key('event/start')],
  request_bytes: [
    key('request_bytes'),
    key('request_length'),
    key('bytes_received'), // Envoy
    key('bytes_read'), // Caddy
    key('RequestContentSize'), // Traefik
    key('request/size'), // Kong
    key('http/request/bytes'), // ECS
    key('http.request.size'),
    key('http.request.body.size'),
    key('http.request_content_length'),
  ],
  location: [
    key('location'),
    key('downstream_Location'),
    key('resp_headers/Location/0'),
    key('response/headers/location'),
    ...header('http.response.header.location'),
  ],
  idempotency_key: [
    key('idempotency_key'),
    key('request_Idempotency-Key'),
    key('request/headers/Idempotency-Key/0'),
    key('request/headers/idempotency-key'),
    ...header('http.request.header.idempotency-key'),
    ...header('http.request.header.idempotency_key'),
  ],
  attempt: [
    key('attempt'),
    key('x_attempt'),
    key('amz_sdk_request'),
    key('request_X-Attempt'),
    key('request_Amz-Sdk-Request'),
    key('request/headers/X-Attempt/0'),
    key('request/headers/Amz-Sdk-Request/0'),
    key('request/headers/x-attempt'),
    key('request/headers/amz-sdk-request'),
    ...header('http.request.header.x-attempt'),
    ...header('http.request.header.amz-sdk-request'),
  ],
  resend_count: [key('http.request.resend_count'), key('http.resend_count')],
};
