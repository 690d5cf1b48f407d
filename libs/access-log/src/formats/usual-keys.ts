import { type FieldPlaces, key } from '../mapped-request.js';

/**
 * Where a field usually stands, for sources of format `json` that name no `fields:`; the first key that a line has
 * wins. Units are those of the gateway in brackets.
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
    key('http.response.status_code'),
  ],
  method: [
    key('method'),
    key('request_method'),
    key('RequestMethod'),
    key('request/method'), // Caddy, Kong
    key('http/request/method'),
    key('http.request.method'),
  ],
  path: [
    key('path'),
    key('request_uri'),
    key('uri'),
    key('RequestPath'),
    key('request/uri'),
    key('url/original'),
    key('url.original'),
  ],
  host: [
    key('host'),
    key('http_host'),
    key('authority'),
    key('RequestHost'),
    key('request/host'),
    key('request/headers/host'), // Kong
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
  ],
  body_bytes: [key('body_bytes_sent'), key('DownstreamContentSize')],
  retry_after: [
    key('retry_after'),
    key('origin_Retry-After'),
    key('downstream_Retry-After'),
    key('resp_headers/Retry-After/0'), // Caddy
    key('response/headers/retry-after'), // Kong
  ],
  content_type: [
    key('content_type'),
    key('resp_headers/Content-Type/0'),
    key('response/headers/content-type'),
  ],
  if_match: [key('if_match'), key('request/headers/If-Match/0')],
  if_none_match: [key('if_none_match'), key('request/headers/If-None-Match/0')],
  error_code: [key('error_code')],
  partial_success: [key('partial_success'), key('partialSuccessResponses')],
  request_id: [key('request_id'), key('x_request_id'), key('request/id')],
  client: [key('remote_addr'), key('client_ip'), key('ClientHost'), key('request/remote_ip')],
  consumer: [key('consumer'), key('remote_user'), key('user_id')],
  user_agent: [key('http_user_agent'), key('user_agent'), key('request/headers/User-Agent/0')],
  device: [key('device')],
  model: [key('model')],
  complete: [key('completion')],
};
