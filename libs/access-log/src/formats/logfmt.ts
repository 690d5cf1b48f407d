import * as bytesOf from '../ascii.js';
import { type TextFormat, READ, outcomeIndex } from '../format.js';
import { jsonStringEnd } from '../json-string.js';
import { KeyValueReader } from '../key-value-reader.js';
import { type FieldPlaces, MappedRequest, key } from '../mapped-request.js';

const { BACKSLASH, QUOTE, SPACE } = bytesOf; // V8 folds a module's own constants, not imported ones
const EQUALS = 0x3d;

const MALFORMED_LINE = outcomeIndex('malformed_line');
const TRUNCATED = outcomeIndex('truncated');

/** Usual keys of routers and services written in Go; a value may bring its unit, as Heroku's `service=18ms`. */
const LOGFMT_KEYS: FieldPlaces = {
  status: [key('status'), key('status_code'), key('http.status'), key('http.status_code')],
  time: [key('time'), key('ts'), key('timestamp'), key('t')],
  method: [key('method'), key('http.method')],
  path: [key('path'), key('uri'), key('request_uri'), key('url'), key('http.path')],
  request_line: [key('request'), key('req')],
  host: [key('host'), key('authority'), key('vhost')],
  client: [key('remote_addr'), key('client_ip'), key('fwd'), key('client'), key('ip')],
  consumer: [key('consumer'), key('user')],
  user_agent: [key('user_agent'), key('ua')],
  duration: [
    key('duration', 's'),
    key('duration_ms', 'ms'),
    key('took', 's'),
    key('elapsed', 's'),
    key('latency', 's'),
    key('service', 'ms'), // Heroku
  ],
  retry_after: [key('retry_after')],
  content_type: [key('content_type')],
  error_code: [key('error_code')],
  partial_success: [key('partial_success')],
  request_id: [key('request_id')],
  device: [key('device')],
  model: [key('model')],
  start_time: [key('start_time'), key('started_at')],
  request_bytes: [key('request_bytes'), key('request_length'), key('http.request.size')],
  location: [key('location'), key('http.response.header.location')],
  idempotency_key: [key('idempotency_key'), key('http.request.header.idempotency-key')],
  attempt: [key('attempt'), key('x_attempt'), key('amz_sdk_request')],
  resend_count: [key('http.request.resend_count')],
};

/** `key=value key="quoted value" flag`, as https://github.com/kr/logfmt describes it. */
class LogfmtReader extends KeyValueReader {
  protected walk(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      if (bytes[at]! <= SPACE) {
        at++;
        continue;
      }
      const keyEnd = this.keyEnd(bytes, at, end);
      if (keyEnd === at) return MALFORMED_LINE;
      if (bytes[keyEnd] !== EQUALS || keyEnd === end) {
        this.fields.keepFlag(at, keyEnd);
        at = keyEnd;
        continue;
      }
      const value = keyEnd + 1;
      const isQuoted = value < end && bytes[value] === QUOTE;
      const valueEnd = isQuoted ? jsonStringEnd(bytes, value + 1, end) : this.wordEnd(bytes, value, end);
      if (isQuoted && (valueEnd >= end || bytes[valueEnd] !== QUOTE)) {
        return valueEnd >= end ? TRUNCATED : MALFORMED_LINE;
      }
      const from = isQuoted ? value + 1 : value;
      this.fields.keep(at, keyEnd, from, valueEnd, isQuoted && hasBackslash(bytes, from, valueEnd));
      at = isQuoted ? valueEnd + 1 : valueEnd;
    }
    return READ;
  }

  /** The end of a key: `=`, a blank, or a quote, which no key may hold. */
  private keyEnd(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    while (i < end && bytes[i]! > SPACE && bytes[i] !== EQUALS && bytes[i] !== QUOTE) i++;
    return i;
  }

  private wordEnd(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    while (i < end && bytes[i]! > SPACE) i++;
    return i;
  }
}

function hasBackslash(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === BACKSLASH) return true;
  return false;
}

export const logfmt: TextFormat = {
  name: 'logfmt',
  about: 'logfmt (`key=value`): name the keys under `fields:`, or leave it out for the usual names.',
  kind: 'text',
  origins: ['unknown', 'vendor', 'gateway'],
  isMapped: true,
  reader: (fields) => new LogfmtReader(new MappedRequest(fields, LOGFMT_KEYS)),
};
