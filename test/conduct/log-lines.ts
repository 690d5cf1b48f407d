import type { FormatName } from '#access-log';
import { isWrite, type Sent } from './traffic.js';

/** How a gateway writes down what was sent. */
export interface Log {
  readonly name: string;
  readonly format: FormatName;
  readonly line: (sent: Sent) => string;
  /** Whether Retry-After is in it. */
  readonly showsWaits: boolean;
}

const HOST = 'dcs.eu-de.otc.t-systems.com';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** As nginx does in UTC: the time when the answer had gone out, in whole seconds. */
function timeLocal(ms: number): string {
  const [date, clock] = new Date(ms).toISOString().split(/[T.]/) as [string, string];
  const [year, month, day] = date.split('-') as [string, string, string];
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock} +0000`;
}

/** The keys of the log_format in docs/gateways/nginx.md that say something here. */
const json = (sent: Sent, known: object): string =>
  JSON.stringify({
    time: new Date(sent.endMs).toISOString().replace(/\.\d+Z/, '+00:00'),
    msec: seconds(sent.endMs),
    remote_addr: sent.address,
    host: HOST,
    request_method: sent.method,
    request_uri: sent.path,
    status: String(sent.code),
    body_bytes_sent: 200,
    request_length: sent.bytes,
    request_time: sent.tookMs / 1000,
    upstream_addr: '10.9.0.1:8443',
    upstream_status: sent.code === 499 ? '' : String(sent.code),
    upstream_header_time: sent.code === 499 || sent.code === 504 ? '' : seconds(sent.tookMs),
    retry_after: String(sent.retryAfter ?? ''),
    upstream_retry_after: String(sent.retryAfter ?? ''),
    completion: sent.code === 499 ? '' : 'OK',
    request_id: sent.id,
    http_user_agent: sent.agent,
    ...known,
  });

const combined = (sent: Sent): string =>
  `${sent.address} - - [${timeLocal(sent.endMs)}] "${sent.method} ${sent.path} HTTP/1.1" ${sent.code} 200 "-" "${sent.agent}"`;

export const LOGS: readonly Log[] = [
  { name: '`nginx-json`', format: 'nginx-json', line: (sent) => json(sent, {}), showsWaits: true },
  {
    name: '`nginx-json`, clients tell attempt and key',
    format: 'nginx-json',
    line: (sent) =>
      json(sent, { attempt: String(sent.attempt), idempotency_key: isWrite(sent) ? sent.key : '' }),
    showsWaits: true,
  },
  {
    name: '`combined` with duration, Retry-After and size',
    format: 'combined',
    line: (sent) =>
      `${combined(sent)} ${seconds(sent.tookMs)} ${sent.retryAfter ?? '-'} ${HOST} ${sent.bytes}`,
    showsWaits: true,
  },
  { name: '`combined`', format: 'combined', line: combined, showsWaits: false },
];
