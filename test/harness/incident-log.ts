import { randomFrom } from './random.js';

/** A log with an incident in it, as nginx writes it in JSON. */
export interface IncidentLog {
  /** Epoch milliseconds of the first line. */
  readonly startMs: number;
  readonly minutes: number;
  readonly requestsPerSecond: number;
  readonly seed?: number;
}

interface Line {
  readonly at: number;
  readonly client: string;
  readonly agent: string;
  readonly host: string;
  readonly method: string;
  readonly uri: string;
  readonly status: string;
  /** What the storage API said, if it was asked. */
  readonly upstream: string;
  readonly seconds: number;
  readonly retryAfter?: string;
}

const ARRAY = 'cm.storage.example.net:23451';
const CLOUD = 'evs.eu-west-101.myhuaweicloud.com';
const LDEVS = '/ConfigurationManager/v1/objects/storages/886000123456/ldevs';
const OTHER_LDEVS = '/ConfigurationManager/v1/objects/storages/886000654321/ldevs';

/**
 * In the second quarter of the time an array is busy; in the third the gateway gets no answer in time to writes, which a
 * backup sends again. A script sends all the time what the cloud calls invalid. The rest goes well. One in 500 lines is
 * hostile, and one in 1,000 is no line at all.
 */
export function* incidentLog({
  startMs,
  minutes,
  requestsPerSecond,
  seed = 1,
}: IncidentLog): Generator<string> {
  const random = randomFrom(seed);
  const seconds = minutes * 60;
  for (let second = 0; second < seconds; second++)
    for (let i = 0; i < requestsPerSecond; i++) {
      const at = startMs + second * 1000 + Math.floor((1000 * i) / requestsPerSecond);
      yield* linesAt(at, Math.floor((4 * second) / seconds), random);
    }
}

function* linesAt(at: number, quarter: number, random: () => number): Generator<string> {
  const kind = random();
  const ldev = Math.floor(random() * 5000);
  const client = `10.20.${Math.floor(random() * 3)}.${1 + Math.floor(random() * 40)}`;
  const well: Line = {
    at,
    client,
    agent: 'python-requests/2.31.0',
    host: ARRAY,
    method: 'GET',
    uri: `${random() < 0.5 ? LDEVS : OTHER_LDEVS}/${ldev}`,
    status: '200',
    upstream: '200',
    seconds: 0.02,
  };
  if (kind < 0.001) yield 'this line was cut';
  else if (kind < 0.003)
    yield text({
      ...well,
      uri: HOSTILE[Math.floor(random() * HOSTILE.length)]!,
      status: '404',
      upstream: '404',
    });
  else if (kind < 0.02) {
    const invalid = {
      ...well,
      client: '10.20.9.9',
      agent: 'provision.sh',
      host: CLOUD,
      method: 'POST',
      uri: '/v3/p1/volumes',
      status: '400',
      upstream: '400',
    };
    yield text(invalid);
    if (random() < 0.8) yield text({ ...invalid, at: at + 900 });
  } else if (quarter === 1 && well.uri.startsWith(LDEVS) && kind < 0.8) {
    const busy = { ...well, status: '503', upstream: '503', retryAfter: '5' };
    yield text(busy);
    if (random() < 0.4) yield text({ ...busy, at: at + 1200 });
  } else if (quarter === 2 && kind < 0.04) {
    const write = {
      ...well,
      client: '10.20.1.77',
      agent: 'backup/3.2',
      method: 'POST',
      uri: LDEVS,
      status: '504',
      upstream: '-',
      seconds: 30 + ldev / 1e5,
    };
    yield text(write);
    if (random() < 0.5)
      yield text({ ...write, at: at + 31_500, status: '202', upstream: '202', seconds: 0.4 });
  } else yield text(well);
}

const HOSTILE = [
  '/<script>alert(1)</script>',
  `/"quoted"/'single'`,
  '/line\u2028separator\u202eright-to-left',
  '/\u001b[31mred\u001b[0m',
];

/** `text` in the order in which nginx would write it. */
function text({
  at,
  client,
  agent,
  host,
  method,
  uri,
  status,
  upstream,
  seconds,
  retryAfter = '',
}: Line): string {
  const id = `${at.toString(16)}${client.replaceAll('.', '')}`.padEnd(32, '0');
  const asked = upstream === '-' ? '' : String(seconds);
  return JSON.stringify({
    time: new Date(at).toISOString().replace(/\.\d+Z$/, '+00:00'),
    msec: (at / 1000).toFixed(3),
    remote_addr: client,
    host,
    request_method: method,
    request_uri: uri,
    status,
    body_bytes_sent: 120,
    request_length: 400,
    request_time: seconds,
    upstream_addr: '127.0.0.1:7100',
    upstream_status: upstream === '-' ? '504' : upstream,
    upstream_response_time: String(seconds),
    upstream_header_time: asked === '' ? '-' : asked,
    upstream_bytes_received: asked === '' ? '0' : '300',
    retry_after: retryAfter,
    upstream_retry_after: retryAfter,
    limit_req_status: '',
    completion: 'OK',
    content_type: 'application/json',
    location: '',
    if_none_match: '',
    if_match: '',
    partial_success: '',
    request_id: id,
    http_user_agent: agent,
  });
}
