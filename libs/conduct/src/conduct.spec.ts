import fc from 'fast-check';
import { parseLedgerField } from '#metric-names';
import { inferredOf, piecesOf } from '../../../test/conduct/inference.js';
import { LOGS, type Log } from '../../../test/conduct/log-lines.js';
import { isWrite, type Sent } from '../../../test/conduct/traffic.js';
import { BEGIN, POLICY } from '../../../test/harness/steps.js';
import { Conduct } from './conduct.js';
import type { Findings, Suspect } from './findings.js';
import type { ConductPolicy } from './tracker.js';

const [JSON_LOG, HEADERS_LOG, EXTRAS_LOG, COMBINED_LOG] = LOGS as [Log, Log, Log, Log];
/** When nothing can follow what was sent within a test: days later. */
const LATER = Math.floor((BEGIN + 7 * 86_400_000) / 10_000);

/** Few callers and few paths, so that much repeats something else; times that collide. */
const sent: fc.Arbitrary<Sent> = fc
  .record({
    address: fc.constantFrom('10.0.0.1', '10.0.0.2'),
    method: fc.constantFrom('GET', 'POST', 'DELETE'),
    path: fc.constantFrom('/v2/p1/instances', '/v2/p1/instances/i-1', '/v2/p1/jobs/7'),
    bytes: fc.constantFrom(100, 101),
    at: fc.oneof(fc.integer({ min: 0, max: 260_000 }), fc.constantFrom(1000, 1877, 2000, 61_000)),
    tookMs: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.constant(150_000)),
    code: fc.constantFrom(200, 202, 400, 401, 404, 429, 499, 500, 502, 503, 504, 599),
    retryAfter: fc.constantFrom(undefined, 0, 1, 5, 100, 10 ** 9),
    attempt: fc.integer({ min: 1, max: 3 }),
    key: fc.constantFrom('', 'k1', 'k2'),
  })
  .map(({ at, ...known }) => ({
    ...known,
    startMs: BEGIN + at - known.tookMs,
    endMs: BEGIN + at,
    agent: 'sdk/3',
    id: `r-${at}`,
    retryOf: undefined,
  }));
const log = fc.constantFrom(JSON_LOG, HEADERS_LOG, EXTRAS_LOG, COMBINED_LOG);
const traffic = fc.array(sent, { maxLength: 60 });

type Pieces = ReadonlyMap<number, readonly Uint8Array[]>;

/** What batches have of each slice. */
function slicesOf(batches: readonly (readonly string[])[], of: Log): Pieces {
  const slices = new Map<number, Uint8Array[]>();
  for (const batch of batches)
    for (const { slice, steps } of piecesOf(batch, of))
      slices.set(slice, [...(slices.get(slice) ?? []), steps]);
  return new Map([...slices].sort(([a], [b]) => a - b));
}

interface Judged {
  /** Of all slices together. */
  readonly counted: Readonly<Record<string, number>>;
  readonly suspects: readonly Suspect[];
  /** After each slice, and at the end. */
  readonly states: readonly string[];
}

/** Judges slices one after the other, and at last one that is empty, days later. */
function judged(
  slices: Pieces,
  policy: ConductPolicy = POLICY,
  afterSlice = (one: Conduct): Conduct => one,
): Judged {
  const counted: Record<string, number> = {};
  const suspects: Suspect[] = [];
  const states: string[] = [];
  let conduct = new Conduct('s', policy);
  const add = (findings: Findings): void => {
    for (const [field, amount] of findings.additions) counted[field] = (counted[field] ?? 0) + amount;
    suspects.push(...findings.suspects);
    states.push(conduct.save().toString());
    conduct = afterSlice(conduct);
  };
  for (const [slice, pieces] of slices) add(conduct.judge(slice, pieces));
  add(conduct.judge(LATER, []));
  return { counted, suspects, states };
}

/** The sum of a metric; of a histogram, of its buckets. */
const total = ({ counted }: Judged, metric: string, label = ''): number =>
  Object.entries(counted).reduce((sum, [field, amount]) => {
    const entry = parseLedgerField(field)!;
    const isMeant = entry.metric === metric && entry.part !== 'sum';
    return isMeant && (label === '' || entry.labels.includes(label)) ? sum + amount : sum;
  }, 0);
const sumOf = ({ counted }: Judged, metric: string): number =>
  Object.entries(counted).reduce((sum, [field, amount]) => {
    const entry = parseLedgerField(field)!;
    return entry.metric === metric && entry.part === 'sum' ? sum + amount : sum;
  }, 0);

const isFailure = ({ code }: Sent): boolean => code >= 400;
const linesOf = (requests: readonly Sent[], of: Log): string[] => requests.map(of.line);

describe('what callers did', () => {
  it('is the same in whatever order their lines come, and whoever reads them', () => {
    fc.assert(
      fc.property(
        traffic,
        log,
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.nat()),
        (requests, of, workers, numbers) => {
          const lines = linesOf(requests, of);
          const shuffled = lines
            .map((line) => [numbers.next().value as number, line] as const)
            .sort(([a], [b]) => a - b)
            .map(([, line]) => line);
          const batches = Array.from({ length: workers }, (_, worker) =>
            shuffled.filter((_, i) => i % workers === worker),
          );
          expect(judged(slicesOf(batches, of))).toEqual(judged(slicesOf([lines], of)));
        },
      ),
    );
  });

  it('is the same if another process goes on after each slice', () => {
    fc.assert(
      fc.property(traffic, log, (requests, of) => {
        const slices = slicesOf([linesOf(requests, of)], of);
        const handedOver = judged(slices, POLICY, (conduct) => new Conduct('s', POLICY, conduct.save()));
        expect(handedOver).toEqual(judged(slices));
      }),
    );
  });

  it('is the same if slices in which nothing happened are judged, too, though not all can be remembered', () => {
    fc.assert(
      fc.property(traffic, log, (requests, of) => {
        const policy = { ...POLICY, maxOperations: 5 };
        const slices = slicesOf([linesOf(requests, of)], of);
        const [first = 0] = slices.keys();
        const every = Array.from({ length: 60 }, (_, i) => [first + i, slices.get(first + i) ?? []] as const);
        const { states, ...found } = judged(slices, policy);
        const judgedAll = judged(new Map(every), policy);
        expect({ ...judgedAll, states: [] }).toEqual({ ...found, states: [] });
        expect(judgedAll.states.at(-1)).toBe(states.at(-1));
      }),
    );
  });

  it('adds up: each failure is in one chain, each promise is kept, broken or left alone', () => {
    fc.assert(
      fc.property(traffic, log, (requests, of) => {
        const found = judged(slicesOf([linesOf(requests, of)], of));
        const failures = requests.filter(isFailure);
        const promises = failures.filter(({ retryAfter }) => of.showsWaits && (retryAfter ?? 0) > 0);
        expect(sumOf(found, 'retryChains')).toBe(failures.length + total(found, 'retryChains', 'recovered'));
        expect(total(found, 'retryWaits')).toBe(promises.length);
        expect(total(found, 'retries')).toBeLessThanOrEqual(failures.length);
        expect(total(found, 'consumerRetries')).toBe(total(found, 'retries'));
        expect(total(found, 'conductRequests')).toBe(requests.length);
        expect(total(found, 'unknownWrites')).toBeLessThanOrEqual(requests.filter(isWrite).length);
        expect(total(found, 'repeatedWrites')).toBeLessThanOrEqual(total(found, 'unknownWrites'));
        expect(found.suspects).toHaveLength(total(found, 'repeatedWrites'));
      }),
    );
  });

  it('is remembered within bounds, whatever strangers send', () => {
    const policy = { ...POLICY, maxOperations: 5 };
    fc.assert(
      fc.property(traffic, (requests) => {
        const { states } = judged(slicesOf([linesOf(requests, JSON_LOG)], JSON_LOG), policy);
        for (const state of states) expect(state.length).toBeLessThan(5 * 5 * 250);
      }),
    );
  });

  it('is nothing any more once nothing can follow', () => {
    fc.assert(
      fc.property(traffic, (requests) => {
        const busy = judged(slicesOf([linesOf(requests, JSON_LOG)], JSON_LOG));
        expect(busy.states.at(-1)).toBe(judged(new Map()).states.at(-1));
      }),
    );
  });
});

it('amplification is requests by those that are no retries: ten operations of three requests each are 3', () => {
  const requests = Array.from({ length: 30 }, (_, i): Sent => {
    const [operation, attempt] = [i % 10, Math.floor(i / 10)];
    const endMs = BEGIN + attempt * 5000 + operation;
    const path = `/v2/p1/instances/i-${operation}`;
    const known = { method: 'GET', path, bytes: 100, address: '10.0.0.1', agent: 'sdk/3' };
    return {
      ...known,
      id: '',
      key: '',
      attempt: 1,
      retryOf: undefined,
      tookMs: 9,
      startMs: endMs - 9,
      endMs,
      code: attempt < 2 ? 503 : 200,
    };
  });
  const found = judged(slicesOf([linesOf(requests, JSON_LOG)], JSON_LOG));
  const all = total(found, 'conductRequests');
  expect(all / (all - total(found, 'retries'))).toBe(3);
  expect(
    inferredOf(linesOf(requests, JSON_LOG), JSON_LOG).filter((one) => one.previousCode === 503),
  ).toHaveLength(20);
});

it('a write without a status is one of unknown outcome: its caller left before there was one', () => {
  const line = (ms: number, status: string): string =>
    `10.0.0.1:40312 [21/Nov/2026:08:00:0${ms}.100] f b/s1 0/0/0/40/40 ${status} 0 - - ---- 1/1/0/0/0 0/0 "POST /v2/p1/instances HTTP/1.1"`;
  const found = judged(slicesOf([[line(1, '-1'), line(3, '202')]], { ...JSON_LOG, format: 'haproxy' }));
  expect(found.suspects).toMatchObject([{ method: 'POST', first: { code: 499 }, again: { code: 202 } }]);
});

it.each<[log: Log, counted: object]>([
  [JSON_LOG, { 'retryAfterMissing|s|otc-dcs|429': 1, 'retries|s|otc-dcs|429|wait_first': 1 }],
  [COMBINED_LOG, { 'retries|s|otc-dcs|429|wait_first': 1 }],
])('a 429 always promises a Retry-After by its document: $name', (of, counted) => {
  const known = { method: 'GET', path: '/v2/p1/instances', bytes: 100, address: '10.0.0.1', agent: 'sdk/3' };
  const requests = [429, 200].map((code, i): Sent => {
    const endMs = BEGIN + i * 5000;
    return {
      ...known,
      id: '',
      key: '',
      attempt: 1,
      retryOf: undefined,
      tookMs: 9,
      startMs: endMs - 9,
      endMs,
      code,
    };
  });
  const found = judged(slicesOf([linesOf(requests, of)], of)).counted;
  const kept = Object.entries(found).filter(([field]) => /^(retryAfterMissing|retries)\|/.test(field));
  expect(Object.fromEntries(kept)).toEqual(counted);
});
