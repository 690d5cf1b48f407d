import { randomFrom } from '../test/harness/random.js';

/** A request of a storage API, as its gateway sees it. */
interface Seen {
  /** When it was answered, epoch milliseconds. */
  readonly at: number;
  readonly client: string;
  readonly agent: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Seconds; empty where the document promises none. */
  readonly retryAfter: string;
  /** Whether the storage API answered, or the gateway in its place. */
  readonly isAnswered: boolean;
  readonly ms: number;
  readonly bytes: number;
  /** 32 hexadecimal digits. */
  readonly id: string;
}

/** How the same requests are written by nginx: as docs/gateways/nginx.md has it in JSON, and in the format it has built in. */
export const TWINS = {
  'nginx-json': (seen: Seen): string => {
    const seconds = (seen.ms / 1000).toFixed(3);
    const asked = seen.isAnswered ? seconds : '-';
    return (
      `{"time":"${isoSecond(seen.at)}","msec":"${(seen.at / 1000).toFixed(3)}","remote_addr":"${seen.client}",` +
      `"host":"${seen.host}","request_method":"${seen.method}","request_uri":"${seen.path}","status":"${seen.status}",` +
      `"body_bytes_sent":${seen.bytes},"request_length":${300 + (seen.path.length % 97)},"request_time":${seconds},` +
      `"upstream_addr":"192.0.2.17:443","upstream_status":"${seen.status}","upstream_response_time":"${seconds}",` +
      `"upstream_header_time":"${asked}","upstream_bytes_received":"${seen.isAnswered ? seen.bytes + 290 : 0}",` +
      `"retry_after":"${seen.retryAfter}","upstream_retry_after":"${seen.retryAfter}","limit_req_status":"",` +
      `"completion":"OK","content_type":"application/json","location":"","if_none_match":"","if_match":"",` +
      `"idempotency_key":"","attempt":"","partial_success":"","request_id":"${seen.id}",` +
      `"http_user_agent":"${seen.agent}"}`
    );
  },
  combined: (seen: Seen): string =>
    `${seen.client} - - [${clfSecond(seen.at)}] "${seen.method} ${seen.path} HTTP/1.1" ${seen.status} ${seen.bytes} "-" "${seen.agent}"`,
} as const;
export type Twin = keyof typeof TWINS;

/** Settings under which combined, which shows no host, is judged as its twin is. */
export const ROUTES = [
  { path: '/v3/', vendor: 'huawei-cloud' },
  { path: '/v2/', vendor: 'otc-dcs' },
];

/** What is drawn for each request of a vendor. */
interface Api {
  readonly host: string;
  readonly share: number;
  /** Requests as `GET /path`; `#` is one of many numbers, `%` one of some, `@` one of a few. */
  readonly requests: readonly string[];
  readonly failures: readonly number[];
  readonly retryAfter?: string;
}

const APIS: readonly Api[] = [
  {
    host: 'cm.storage.example.net:23451',
    share: 0.45,
    requests: [
      'GET /ConfigurationManager/v1/objects/storages/88600012345@/ldevs/#?detailInfoType=class',
      'GET /ConfigurationManager/v1/objects/storages/88600012345@/ldevs?headLdevId=#&count=100',
      'GET /ConfigurationManager/v1/objects/storages/88600012345@/jobs/#',
      'GET /ConfigurationManager/v1/objects/storages/88600012345@/pools/#',
      'GET /ConfigurationManager/v1/objects/storages/88600012345@/host-groups/CL1-A,#',
      'POST /ConfigurationManager/v1/objects/storages/88600012345@/ldevs',
      'DELETE /ConfigurationManager/v1/objects/storages/88600012345@/ldevs/#',
      'PATCH /ConfigurationManager/v1/objects/storages/88600012345@/ldevs/#',
    ],
    failures: [503, 503, 409, 404, 401, 400, 500, 504],
  },
  {
    host: 'vsp@.storage.example.net',
    share: 0.1,
    requests: [
      'GET /ConfigurationManager/simple/v1/objects/volumes/#',
      'GET /ConfigurationManager/simple/v1/objects/pools?count=10',
      'GET /ConfigurationManager/simple/v1/objects/command-status/#',
      'POST /ConfigurationManager/simple/v1/objects/volumes',
    ],
    failures: [503, 412, 404, 401, 400, 500],
  },
  {
    host: 'evs.eu-west-101.myhuaweicloud.com',
    share: 0.2,
    requests: [
      'GET /v3/0a1b2c3d4e5f60718293a4b5c6d7e8f@/volumes/6f5e4d3c-2b1a-4f0e-9d8c-#?fields=status',
      'GET /v3/0a1b2c3d4e5f60718293a4b5c6d7e8f@/snapshots?limit=50&offset=#',
      'POST /v3/0a1b2c3d4e5f60718293a4b5c6d7e8f@/volumes',
    ],
    failures: [503, 429, 400, 403, 404, 500],
  },
  {
    host: 'dcs.eu-de.otc.t-systems.com',
    share: 0.15,
    requests: [
      'GET /v2/0a1b2c3d4e5f60718293a4b5c6d7e8f@/instances/9a8b7c6d-5e4f-4a3b-8c2d-0000000%',
      'GET /v2/0a1b2c3d4e5f60718293a4b5c6d7e8f@/instances?limit=10&offset=#',
      'PUT /v2/0a1b2c3d4e5f60718293a4b5c6d7e8f@/instances/9a8b7c6d-5e4f-4a3b-8c2d-0000000%/password',
    ],
    failures: [503, 400, 404, 500, 403],
  },
  {
    host: 'idm.example.net',
    share: 0.1,
    requests: [
      'GET /openidm/managed/user/#',
      'GET /openidm/managed/user?_queryFilter=true&_pageSize=50&_pagedResultsOffset=#',
      'POST /openidm/managed/user?_action=create',
    ],
    failures: [503, 403, 404, 412, 409, 500],
    retryAfter: '30',
  },
];

const AGENTS = [
  'python-requests/2.31.0',
  'hpe-csi-driver/2.4.1',
  'Terraform/1.9.5 (+https://www.terraform.io) terraform-provider-vspone/1.2',
  'OpenStack-cinder/24.0 python-urllib3/2.2',
  'Go-http-client/1.1',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36',
];
const CLIENTS = 400;
const IDS = 5000;
const SOME = 200;
const FAILED = 0.02;
/** Of the failures, those that the same client sends again a moment later. */
const REPEATED = 0.6;
const REPEATED_AFTER_MS = 1500;

/** Requests in the order of their ends, which follow from a seed. */
export interface TwinLog {
  readonly lines: number;
  /** Epoch milliseconds of the last line. */
  readonly endMs: number;
  readonly requestsPerSecond: number;
  readonly seed?: number;
}

/** All vendors, 2 % failures, of which most are tried again: what one gateway logs on an ordinary day. */
export function* requests({ lines, endMs, requestsPerSecond, seed = 1 }: TwinLog): Generator<Seen> {
  const random = randomFrom(seed);
  const beginMs = endMs - (1000 * lines) / requestsPerSecond;
  const again: Seen[] = [];
  for (let i = 0; i < lines; i++) {
    const at = Math.floor(beginMs + (1000 * i) / requestsPerSecond);
    const drawn = draw(at, random);
    const isDue = again[0] !== undefined && again[0].at <= at;
    const seen = isDue ? { ...again.shift()!, at, id: drawn.id } : drawn;
    yield seen;
    if (seen.status >= 400 && random() < REPEATED)
      again.push({ ...seen, at: at + REPEATED_AFTER_MS, ...(random() < 0.5 ? WENT_WELL : {}) });
  }
}

const WENT_WELL = { status: 200, isAnswered: true, ms: 20, retryAfter: '' };

function draw(at: number, random: () => number): Seen {
  const below = (limit: number): number => Math.floor(random() * limit);
  const api = apiAt(random());
  const [method, path] = api.requests[below(api.requests.length)]!.split(' ') as [string, string];
  const status = random() < FAILED ? api.failures[below(api.failures.length)]! : 200;
  const client = below(CLIENTS);
  return {
    at,
    client: `10.20.${client >> 7}.${1 + (client & 127)}`,
    agent: AGENTS[client % AGENTS.length]!,
    host: api.host.replace('@', `${client % 4}`),
    method,
    path: path
      .replace('@', `${below(8)}`)
      .replace('%', `${below(SOME)}`)
      .replace('#', `${below(IDS)}`),
    status,
    retryAfter: status === 503 ? (api.retryAfter ?? '') : '',
    isAnswered: status !== 504,
    ms: status === 504 ? 60_000 : 3 + below(90),
    bytes: status === 200 ? 150 + below(9000) : 212,
    id: hex(random) + hex(random) + hex(random) + hex(random),
  };
}

const hex = (random: () => number): string =>
  Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');

function apiAt(place: number): Api {
  let sum = 0;
  return APIS.find(({ share }) => (sum += share) > place) ?? APIS[0]!;
}

const isoSecond = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}+00:00`;

/** `22/Nov/2026:07:39:17 +0000` */
function clfSecond(at: number): string {
  const [day, month, year, time] = new Date(at).toUTCString().slice(5).split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
