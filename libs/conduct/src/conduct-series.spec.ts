import { readFileSync, readdirSync } from 'node:fs';
import { Catalogue, FIRST_CODE, LAST_CODE, loadVendor, type VendorFile } from '#catalogue';
import { parseLedgerField } from '#metric-names';
import { LEDGER_BUCKETS, SourceReader, ledgerSamples, lensOf, type SourceScope } from '#verdict';
import { gatewayLine, type LoggedRequest } from '../../../test/harness/gateway-line.js';
import { BEGIN, POLICY } from '../../../test/harness/steps.js';
import { Conduct } from './conduct.js';
import { conductSeriesBound, conductZeroSeries } from './conduct-series.js';
import { StepWriter } from './step-writer.js';
import { sliceOf } from './slice.js';
import { vendorFacts } from './vendor-facts.js';

const VENDORS = 'libs/catalogue/vendors';
const catalogue = new Catalogue(
  readdirSync(VENDORS).map(
    (name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile,
  ),
);
const lens = lensOf(catalogue);
const CONSUMERS = ['a', 'b'];
const DEVICES = ['d1', 'd2', 'd3'];
const ROUTES_OF_SESSIONS = '/ConfigurationManager/v1/objects/sessions';
const HOUR_MS = 3_600_000;

type Known = Readonly<Record<string, string>>;

/** How a device may answer, and to whom. */
const BY_DEVICE: readonly Known[] = [
  { upstream_retry_after: '', remote_user: 'a' },
  { upstream_retry_after: '1', remote_user: 'b' },
  { upstream_retry_after: '1', completion: '', remote_user: 'c' },
];
/** No document lists all that gateways may answer by themselves. */
const BY_GATEWAY: readonly Known[] = [{ upstream_status: '', upstream_addr: '', remote_user: 'a' }];

/** Every status of reads and writes, each of them sent again. */
function* everything(answers: readonly Known[]): Generator<LoggedRequest> {
  for (let code = FIRST_CODE; code <= LAST_CODE; code++)
    for (const method of ['GET', 'POST'])
      for (const answer of answers)
        for (const after of [0, 500, 5000]) {
          const known = { device: DEVICES[code % DEVICES.length]!, ...answer };
          yield { at: BEGIN + after, code, method, path: `/x/${code}`, known };
        }
  for (const device of DEVICES)
    yield { at: BEGIN, code: 200, method: 'POST', path: ROUTES_OF_SESSIONS, known: { device } };
}

/** All that is counted of it. */
function saturated(scope: SourceScope, answers: readonly Known[]): Map<string, number> {
  const reader = new SourceReader(lens, {
    vendor: scope.vendors[0]!,
    format: 'nginx-json',
    consumers: CONSUMERS.map((name) => ({ name, user: name })),
  });
  const moment = { receivedAt: BEGIN, now: BEGIN, lateAfterMs: Infinity };
  const tally = reader.newTally(LEDGER_BUCKETS, moment);
  const steps = new StepWriter(lens, reader.consumers, BEGIN);
  const lines = reader.begin(
    {
      classify(cell, request) {
        tally.classify(cell, request);
        steps.add(cell, request);
      },
      ignore: () => {},
      pass: () => {},
    },
    65_536,
  );
  for (const one of everything(answers)) lines.push(Buffer.from(gatewayLine(one)));
  lines.end();
  const policy = { ...POLICY, maxOperations: 100_000, ...vendorFacts(catalogue.files) };
  const conduct = new Conduct(scope.name, policy);
  const findings = steps.pieces().map(({ slice, steps }) => conduct.judge(slice, [steps]));
  findings.push(conduct.judge(sliceOf(BEGIN + HOUR_MS), []));
  return new Map(findings.flatMap(({ additions, gauges }) => [...additions, ...gauges]));
}

const countOf = (counters: ReadonlyMap<string, number>, zeros: readonly string[]): number =>
  [...ledgerSamples(counters, zeros).values()].reduce((sum, samples) => sum + samples.length, 0);

describe.each(catalogue.vendors)('what callers of %s can do', (vendor) => {
  const scope: SourceScope = { name: 's', vendors: [vendor], origins: ['unknown', 'vendor', 'gateway'] };
  const zeros = conductZeroSeries(catalogue, scope);

  it('makes no more series than are told', () => {
    const bound = conductSeriesBound(catalogue, scope, { devices: DEVICES.length, consumers: CONSUMERS });
    const count = countOf(saturated(scope, [...BY_DEVICE, ...BY_GATEWAY]), zeros);
    expect(count).toBeLessThanOrEqual(bound);
    expect(count).toBeGreaterThan(bound / 2);
  });

  it('is there at 0, where a document tells that it may come', () => {
    const listed = new Set(Object.keys(catalogue.files[catalogue.vendorId(vendor)]?.statuses ?? {}));
    const known = new Set(zeros);
    const missing = [...saturated(scope, BY_DEVICE).keys()].filter((field) => {
      const entry = parseLedgerField(field);
      return entry?.metric === 'retries' && listed.has(entry.labels[2]!) && !known.has(field);
    });
    expect(missing).toEqual([]);
    expect(zeros.filter((field) => parseLedgerField(field) === undefined)).toEqual([]);
    expect(known.size).toBe(zeros.length);
  });
});
