import { ABSENT } from '#access-log';
import type { Context } from '#catalogue';
import type { Sending } from './client.js';
import { vendorFiles } from './judged-log.js';
import { isBodiless } from './mock-api.js';

/** One exchange with a storage API: what is asked, and what is answered. */
export interface Exchange extends Pick<Sending, 'method' | 'host' | 'path' | 'answer' | 'headers'> {
  readonly vendor: string;
  readonly status: number;
  /** Seconds, or ABSENT. */
  readonly retryAfter: number;
}

/** A call of each vendor's API, by which its document is recognised. */
const CALLS: Readonly<Record<string, { host: string; path: string }>> = {
  'forgerock-crest': { host: 'idm.example.net', path: '/openidm/managed/user/bjensen' },
  'hitachi-hsae': { host: 'vsp1.example.net', path: '/ConfigurationManager/simple/v1/objects/volumes' },
  'hitachi-opscenter-cm': {
    host: 'cm.example.net:23451',
    path: '/ConfigurationManager/v1/objects/storages/886000123456/ldevs',
  },
  'huawei-cloud': { host: 'dcs.ap-southeast-1.myhuaweicloud.com', path: '/v2/0a1b/instances/5560df16' },
  'otc-dcs': { host: 'dcs.eu-de.otc.t-systems.com', path: '/v1.0/0a1b/instances' },
};

/** Not in every document, some in none; 499 is what nginx itself logs of a client that left. */
const UNLISTED = [226, 418, 429, 451, 499, 502, 504, 507, 511, 599];

const BODIES = {
  none: { body: '', chunked: false },
  blankChunks: { body: '', chunked: true },
  message: { body: '{"message":"mock"}', chunked: false },
} as const;

/** What tells of a POST that it comes again, and where it goes on; the others have none of it. */
export const AGAIN = { idempotencyKey: 'k|"1"', attempt: 2, location: '/jobs/7?a={b}' };

/** Every final status of every vendor and some that no document lists, with everything else that a judgement asks. */
export const EVERY_STATUS: readonly Exchange[] = vendorFiles.flatMap(({ vendor, statuses }) => {
  const listed = Object.keys(statuses).map(Number);
  // gateways pass no interim status on to a log
  const final = [...new Set([...listed, ...UNLISTED])].filter((status) => status >= 200);
  return final.flatMap((status) => exchangesOf(vendor, status));
});

function exchangesOf(vendor: string, status: number): Exchange[] {
  const { host, path } = CALLS[vendor]!;
  return product(['GET', 'POST'], [ABSENT, 0, 30], Object.entries(BODIES)).map(
    ([method, retryAfter, [kind, body]]): Exchange => {
      const isAgain = method === 'POST';
      return {
        vendor,
        status,
        retryAfter,
        method,
        host,
        path: `${path}?status=${status}&by=${method}&wait=${retryAfter}&body=${kind}`,
        headers: isAgain
          ? { 'idempotency-key': AGAIN.idempotencyKey, 'x-attempt': String(AGAIN.attempt) }
          : {},
        answer: {
          statuses: [status],
          headers: {
            ...(retryAfter === ABSENT ? {} : { 'retry-after': String(retryAfter) }),
            ...(isAgain ? { location: AGAIN.location } : {}),
          },
          ...body,
        },
      };
    },
  );
}

function product<A, B, C>(as: readonly A[], bs: readonly B[], cs: readonly C[]): [A, B, C][] {
  return as.flatMap((a) => bs.flatMap((b) => cs.map((c): [A, B, C] => [a, b, c])));
}

/** What the storage API knows of an exchange. */
export function contextOf({ method, path, retryAfter, status, answer }: Exchange): Context {
  const length = isBodiless(status) ? 0 : (answer.body ?? '').length;
  return {
    method,
    path,
    retry_after: retryAfter === ABSENT ? null : retryAfter,
    content_type: length === 0 ? null : 'application/json',
    body_bytes: length,
    complete: true,
    if_match: null,
    if_none_match: null,
    partialSuccessResponses: null,
  };
}
