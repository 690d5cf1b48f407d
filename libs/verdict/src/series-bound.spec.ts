import { readFileSync, readdirSync } from 'node:fs';
import { ABSENT, BY_GATEWAY, MADE_BY, METHODS, NOT_LOGGED, OTHER_METHOD, Request, Text } from '#access-log';
import {
  Catalogue,
  FIRST_CODE,
  GATEWAY_CAUSES,
  LAST_CODE,
  ORIGINS,
  loadVendor,
  type Condition,
  type VendorFile,
} from '#catalogue';
import { OTHER } from '#metric-names';
import { consumersOf } from './consumers.js';
import { LEDGER_BUCKETS } from './ledger-buckets.js';
import { ledgerSamples } from './ledger-samples.js';
import { lensOf } from './lens.js';
import { seriesBound } from './series-bound.js';
import { tallyFields, tallyMaxima } from './tally-fields.js';
import { Tally } from './tally.js';
import { bytesOf } from './text-match.js';
import { zeroSeries, type SourceScope } from './zero-series.js';

const VENDORS = 'libs/catalogue/vendors';
const catalogue = new Catalogue(
  readdirSync(VENDORS).map(
    (name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile,
  ),
);
const lens = lensOf(catalogue);
const NOW = Date.parse('2026-11-21T08:00:00Z');

const set = (text: Text, value: string): void => {
  const bytes = bytesOf(value);
  text.set(bytes, 0, bytes.length);
};

/** One row a kind of condition: what makes it hold. */
const HOLDING: {
  readonly [K in Condition['kind']]: (r: Request, c: Extract<Condition, { kind: K }>) => void;
} = {
  method: (request, { methods }) => (request.method = METHODS.indexOf(methods[0]!)),
  operation(request, { operations: [operation] }) {
    request.method = METHODS.indexOf(operation!.method);
    set(request.path, operation!.path.map((segment) => `/${segment ?? 'x'}`).join(''));
  },
  model: (request, { pattern }) => set(request.model, modelOf(pattern)),
  content_type: (request, { mediaType }) => set(request.contentType, mediaType),
  retry_after: (request) => (request.retryAfter = 1),
  timeout_param: (request) => (request.timeoutParam = 1),
  if_match: (request) => set(request.ifMatch, 'x'),
  if_none_match: (request) => set(request.ifNoneMatch, 'x'),
  blank_body: (request) => (request.bodyBytes = 0),
  partial_success: (request) => (request.partialSuccess = 1),
  failed_results: (request) => (request.failedResults = 1),
  succeeded_results: (request) => (request.succeededResults = 1),
  error_code: (request, { exact, prefixes }) => set(request.errorCode, exact[0] ?? prefixes[0]!),
  after_job: (request, job) => (request.afterJob = job),
};

/** A model that a pattern of a vendor file fits. */
const modelOf = (pattern: string): string => {
  const models = catalogue.files.flatMap(({ models = {} }) => Object.values(models).flat());
  return models
    .map((glob) => glob.replaceAll('*', '1'))
    .find((model) => new RegExp(pattern, 'i').test(model))!;
};

/** Nothing of it is there, and the log says so. */
function bare(code: number, origin: number, cause: number): Request {
  const request = new Request();
  Object.assign(request, {
    code,
    origin,
    cause,
    method: METHODS.indexOf('PATCH'),
    bodyBytes: 5,
    complete: 1,
  });
  for (const key of [
    'retryAfter',
    'timeoutParam',
    'partialSuccess',
    'failedResults',
    'succeededResults',
  ] as const)
    request[key] = ABSENT;
  for (const key of ['path', 'model', 'contentType', 'ifMatch', 'ifNoneMatch', 'errorCode'] as const)
    request[key].unset(ABSENT);
  request.afterJob = null;
  return request;
}

/** Every request that can be judged in its own way: each status with every choice of what it depends on. */
function* everyRequest(vendor: number, origins: readonly string[]): Generator<Request> {
  for (const origin of ORIGINS.filter((name) => origins.includes(name)))
    for (const cause of origin === 'gateway' ? GATEWAY_CAUSES.keys() : [0])
      for (let code = FIRST_CODE; code <= LAST_CODE; code++) {
        const { conditions } = catalogue.statusCells(vendor, code, ORIGINS.indexOf(origin), cause);
        for (let choice = 0; choice < 2 ** conditions.length; choice++) {
          const request = bare(code, MADE_BY.indexOf(origin), cause);
          conditions.forEach((condition, i) => {
            if (choice & (1 << i)) HOLDING[condition.kind](request, condition as never);
          });
          yield request;
        }
      }
}

/** So many requests of one verdict are tried on a route: some depend on it. */
const MOST_ALIKE = 400;

const verdictOf = (vendor: number, request: Request): number =>
  catalogue.verdictId(lens.judge.cell(vendor, request));

/** Fields of a ledger after all traffic that a source can have. */
function saturated(scope: SourceScope, devices: number, consumers: readonly string[]): Map<string, number> {
  const known = consumersOf(consumers.map((name) => ({ name, user: name })));
  const tally = new Tally(lens, LEDGER_BUCKETS, { receivedAt: NOW, now: NOW, lateAfterMs: 1000 }, known);
  const add = (vendor: number, request: Request): void => {
    lens.routes.tree(vendor).match(request.path);
    tally.classify(lens.judge.cell(vendor, request), request);
  };
  for (const name of scope.vendors) {
    const vendor = catalogue.vendorId(name);
    const ofVerdict = new Map<number, Request[]>();
    for (const request of everyRequest(vendor, scope.origins)) {
      request.timeMs = 0;
      add(vendor, request);
      const verdict = verdictOf(vendor, request);
      ofVerdict.set(verdict, [...(ofVerdict.get(verdict) ?? []).slice(-MOST_ALIKE), request]);
    }
    for (const [verdict, requests] of ofVerdict) {
      vary(requests[0]!, devices, consumers, (request) => add(vendor, request));
      everywhere(vendor, verdict, requests, (request) => add(vendor, request));
    }
  }
  for (const delay of [...LEDGER_BUCKETS.delayMs, 1e9]) {
    const request = bare(200, 0, 0);
    request.timeMs = NOW - delay;
    add(catalogue.vendorId(scope.vendors[0]!), request);
  }
  showingEvidence(scope, (request) => add(catalogue.vendorId(scope.vendors[0]!), request));
  const isAdmitted = (device: string): boolean => /^d\d+$/.test(device);
  return new Map([...tallyFields(scope.name, tally, isAdmitted), ...tallyMaxima(scope.name, tally)]);
}

/** A request of every route and method that has the verdict, whatever else it takes. */
function everywhere(
  vendor: number,
  verdict: number,
  requests: readonly Request[],
  add: (request: Request) => void,
): void {
  const { routes = [] } = catalogue.files[vendor] ?? {};
  for (const route of [...routes, '/no/such/route'])
    for (let method = NOT_LOGGED; method <= OTHER_METHOD; method++)
      for (const request of requests) {
        Object.assign(request, { method });
        set(request.path, route.replace(/\{\w+\}/g, 'x'));
        if (verdictOf(vendor, request) !== verdict) continue;
        for (const micros of [...LEDGER_BUCKETS.durationMicros, 1e9]) {
          request.durationMicros = micros;
          add(request);
        }
        break;
      }
}

/** One request with every device, consumer, wait and earlier attempt; its verdict stays as it is. */
function vary(
  like: Request,
  devices: number,
  consumers: readonly string[],
  add: (request: Request) => void,
): void {
  for (let i = 0; i <= devices; i++) {
    set(like.device, i === devices ? 'no name for a label' : `d${i}`);
    add(like);
  }
  for (const consumer of [...consumers, 'stranger']) {
    set(like.consumer, consumer);
    add(like);
  }
  if (like.retryAfter === ABSENT)
    for (const seconds of [...LEDGER_BUCKETS.retryAfterSeconds, 1e6]) {
      like.retryAfter = seconds;
      add(like);
    }
  for (let code = 400; code <= LAST_CODE; code++) {
    like.earlierAttempts[0] = code;
    like.attemptCount = 1;
    add(like);
  }
  like.attemptCount = 0;
}

/** Every piece of evidence: there, not there, not logged. */
function showingEvidence({ origins }: SourceScope, add: (request: Request) => void): void {
  const all = new Request();
  all.code = 200;
  add(all);
  for (const state of [ABSENT, 1]) {
    for (const [key, value] of Object.entries(all))
      if (typeof value === 'number' && !['code', 'cause', 'origin', 'attemptCount'].includes(key))
        Object.assign(all, { [key]: state });
      else if (key !== 'device' && value instanceof Text)
        if (state === ABSENT) value.unset(ABSENT);
        else set(value, 'x');
    all.origin = state === 1 && origins.includes('gateway') ? BY_GATEWAY : 0;
    add(all);
  }
}

/** Its `partial_success` belongs to two operations, so that not every route and method can have it. */
const TIED_TO_ROUTES = 'otc-dcs';
const every = { name: 's', vendors: catalogue.vendors, origins: ORIGINS };
const others = catalogue.vendors.filter((vendor) => vendor !== TIED_TO_ROUTES);

const samplesOf = (scope: SourceScope, devices: number, consumers: readonly string[]): number =>
  [...ledgerSamples(saturated(scope, devices, consumers), zeroSeries(catalogue, scope)).values()].reduce(
    (sum, samples) => sum + samples.length,
    0,
  );

describe('the series of a source that has seen everything', () => {
  it.each<[string, SourceScope, number, string[]]>([
    ['of several vendors', { ...every, vendors: others }, 3, ['a', 'b']],
    ['of one vendor', { ...every, vendors: ['huawei-cloud'] }, 2, []],
    [
      'without a word on who made a status',
      { ...every, vendors: others, origins: ['unknown'] },
      0,
      ['a', OTHER, 'a'],
    ],
  ])('are as many as its bound: %s', (_, scope, devices, consumers) => {
    expect(samplesOf(scope, devices, consumers)).toBe(seriesBound(catalogue, scope, { devices, consumers }));
  });

  it('are hardly fewer where a verdict is tied to routes', () => {
    const bound = seriesBound(catalogue, every, { devices: 3, consumers: ['a'] });
    const seen = samplesOf(every, 3, ['a']);
    expect([seen <= bound, seen > 0.98 * bound]).toEqual([true, true]);
  });
});
