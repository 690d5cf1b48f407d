/** A request as nginx would log it (docs/gateways/nginx.md), as far as callers are followed by it. */
export interface LoggedRequest {
  /** When it was answered, epoch milliseconds. */
  readonly at: number;
  readonly code: number;
  readonly method?: string;
  readonly path?: string;
  readonly address?: string;
  readonly id?: string;
  /** Keys of the log that differ from those of an ordinary answer, or are not among them. */
  readonly known?: Readonly<Record<string, string>>;
}

/** One line of format nginx-json, by default a GET of one caller for one path of otc-dcs. */
export const gatewayLine = ({
  at,
  code,
  method = 'GET',
  path = '/v2/p1/instances/i1',
  address = '10.1.0.1',
  id = '',
  known = {},
}: LoggedRequest): string =>
  `${JSON.stringify({
    msec: (at / 1000).toFixed(3),
    remote_addr: address,
    host: 'dcs.eu-de.otc.t-systems.com',
    request_method: method,
    request_uri: path,
    status: String(code),
    body_bytes_sent: 12,
    request_length: 321,
    request_time: 0.02,
    upstream_addr: '10.9.0.1:443',
    upstream_status: String(code),
    upstream_header_time: '0.020',
    completion: 'OK',
    request_id: id,
    http_user_agent: 'sdk/3',
    ...known,
  })}\n`;
