import * as bytesOf from '../ascii.js';
import { type TextFormat, READ, outcomeIndex } from '../format.js';
import { KeyValueReader } from '../key-value-reader.js';
import { type FieldPlaces, MappedRequest, key } from '../mapped-request.js';

const { BACKSLASH, COLON, TAB } = bytesOf; // V8 folds a module's own constants, not imported ones

const MALFORMED_LINE = outcomeIndex('malformed_line');
const TRUNCATED = outcomeIndex('truncated');

/** The labels that http://ltsv.org recommends; its `host` is the client, its `vhost` the host. */
const USUAL_LABELS: FieldPlaces = {
  status: [key('status')],
  time: [key('time'), key('time_local'), key('msec')],
  method: [key('method')],
  path: [key('uri'), key('path'), key('request_uri')],
  request_line: [key('req'), key('request')],
  host: [key('vhost'), key('http_host')],
  client: [key('host'), key('remote_addr')],
  consumer: [key('consumer'), key('user')],
  user_agent: [key('ua')],
  duration: [key('reqtime', 's'), key('reqtime_microsec', 'us'), key('request_time', 's')],
  retry_after: [key('retry_after')],
  content_type: [key('content_type')],
  error_code: [key('error_code')],
  partial_success: [key('partial_success')],
  request_id: [key('request_id')],
  device: [key('device')],
  model: [key('model')],
  start_time: [key('start_time')],
  request_bytes: [key('request_bytes'), key('request_length'), key('reqsize')],
  location: [key('location')],
  idempotency_key: [key('idempotency_key')],
  attempt: [key('attempt'), key('x_attempt'), key('amz_sdk_request')],
};

/** `label:value`, separated by tabs. LTSV has no escapes, but nginx and Apache write theirs into it. */
class LtsvReader extends KeyValueReader {
  protected walk(bytes: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end;) {
      let colon = -1;
      let escaped = false;
      let i = at;
      for (; i < end && bytes[i] !== TAB; i++) {
        if (bytes[i] === COLON && colon < 0) colon = i;
        else if (bytes[i] === BACKSLASH) escaped = true;
      }
      if (colon >= 0) this.fields.keep(at, colon, colon + 1, i, escaped);
      else if (i > at) return i === end && at > start ? TRUNCATED : MALFORMED_LINE;
      at = i + 1;
    }
    return READ;
  }
}

export const ltsv: TextFormat = {
  name: 'ltsv',
  about:
    'Labelled tab-separated values: name the labels under `fields:`, or leave it out for those of ltsv.org.',
  kind: 'text',
  origins: ['unknown', 'vendor', 'gateway'],
  isMapped: true,
  reader: (fields) => new LtsvReader(new MappedRequest(fields, USUAL_LABELS)),
};
