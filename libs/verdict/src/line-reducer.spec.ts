import { createHmac } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { FORMAT_NAMES, ReducedLines } from '#access-log';
import { Catalogue, loadVendor, type VendorFile } from '#catalogue';
import { judgedWords } from './judged-words.js';
import { LineReducer } from './line-reducer.js';
import { lensOf } from './lens.js';
import { SourceReader, type Reading } from './source-reader.js';
import type { Tally } from './tally.js';
import { tallyFields, tallyMaxima } from './tally-fields.js';

const VENDORS = 'libs/catalogue/vendors';
const LOGS = 'libs/access-log/test-data';
/** Of a vendor that nobody ships: what the shipped files do not use of what a file may say. */
const OWN: VendorFile = {
  ...(loadVendor('own', readFileSync(`${VENDORS}/otc-dcs.yaml`, 'utf8')) as VendorFile),
  vendor: 'own',
  fingerprints: [
    { path: '/own', except: ['in', '/x/login'], query: ['who'] },
    { host: 'a.own.example', path: '/o' },
    { host: '*.example' },
  ],
};
const catalogue = new Catalogue([
  ...readdirSync(VENDORS).map(
    (name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile,
  ),
  OWN,
]);
const lens = lensOf(catalogue);

const BUCKETS = { durationMicros: [1000, 10_000], retryAfterSeconds: [10], delayMs: [1000, 60_000] };
const RECEIVED = Date.parse('2026-11-21T07:40:00Z');
const LONGEST = 64 * 1024;

const CONSUMERS = [
  { name: 'csi driver', user: 'csi*' },
  { name: 'terraform', userAgent: 'Terraform/*' },
  { name: 'both\tof it', user: 'a', userAgent: 'b' },
  { name: 'probe', userAgent: 'curl*' },
];
const SETTINGS: Omit<Reading, 'vendor' | 'format'> = {
  routes: [
    { vendor: 'huawei-cloud', path: '/tenants/acme' },
    { vendor: 'otc-dcs', host: '*.intern.example', path: '/v' },
    { vendor: 'hitachi-hsae', host: 'array' },
  ],
  consumers: CONSUMERS,
  ignore: {
    paths: ['/healthz', '/probe/*'],
    userAgents: ['kube-probe/*'],
    hasAddress: (address) => address === '10.0.0.1',
  },
  model: 'VSP 5600',
  models: new Map([
    ['886000123456', 'VSP G370'],
    ['a b', 'VSP G370'],
  ]),
  timeoutInQuery: true,
};

const pseudonym = (caller: Uint8Array): string =>
  createHmac('sha256', 'key').update(caller).digest('hex').slice(0, 16);

const newTally = (reader: SourceReader): Tally =>
  reader.newTally(BUCKETS, { receivedAt: RECEIVED, now: RECEIVED + 5000, lateAfterMs: 60_000 });

function passedThrough(reading: Reading, bytes: Uint8Array): Tally {
  const reader = new SourceReader(lens, reading);
  const tally = newTally(reader);
  const lines = reader.begin(tally, LONGEST);
  lines.push(bytes);
  lines.end();
  return tally;
}

/** One a kind of source: a reducer is made for many batches. */
const reducers = new Map<string, LineReducer>();

function reducedLines(reading: Reading, bytes: Uint8Array): Buffer {
  const key = `${reading.vendor} ${reading.format} ${String(reading.fields !== undefined)}`;
  const reducer = reducers.get(key) ?? new LineReducer(lens, reading, pseudonym);
  reducers.set(key, reducer);
  const into = new ReducedLines();
  const lines = reducer.begin(into, LONGEST);
  lines.push(bytes);
  lines.end();
  return Buffer.from(into.take());
}

function strict(reading: Reading, bytes: Uint8Array): Tally {
  const reader = new SourceReader(lens, reading);
  const tally = newTally(reader);
  const lines = reader.beginReduced(tally);
  lines.push(reducedLines(reading, bytes));
  lines.end();
  return tally;
}

function seriesOf(tally: Tally): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [field, amount] of [...tallyFields('s', tally), ...tallyMaxima('s', tally)])
    sums[field] = (sums[field] ?? 0) + amount;
  return sums;
}

/** The law: what is kept of lines has every series that the lines have. */
const expectSame = (reading: Reading, bytes: Uint8Array): void =>
  expect(seriesOf(strict(reading, bytes))).toEqual(seriesOf(passedThrough(reading, bytes)));

const logs = readdirSync(LOGS).map((name) => [name, readFileSync(`${LOGS}/${name}`)] as const);
const anyVendor = fc.constantFrom('auto', ...catalogue.vendors);

describe('the series of reduced lines are those of the lines', () => {
  it.each(logs)('of %s, whatever format it is read as', (_, log) => {
    for (const format of ['auto', ...FORMAT_NAMES]) expectSame({ vendor: 'auto', format, ...SETTINGS }, log);
    for (const vendor of catalogue.vendors) expectSame({ vendor, format: 'auto', ...SETTINGS }, log);
  });

  it('whatever bytes come', () => {
    const spoilt = fc
      .tuple(fc.constantFrom(...logs), fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))))
      .map(([[, log], changes]) => {
        const bytes = Buffer.from(log.subarray(0, 20_000));
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        return bytes;
      });
    const format = fc.constantFrom('auto', ...FORMAT_NAMES);
    fc.assert(
      fc.property(spoilt, format, anyVendor, (bytes, name, vendor) =>
        expectSame({ vendor, format: name, ...SETTINGS }, bytes),
      ),
      { numRuns: 100 },
    );
  });

  const words = judgedWords(catalogue, SETTINGS.routes!);
  const segment = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...words.segments) },
    fc.constantFrom('', '886000123456', 'a b', 'jane.doe', 'a|b', '~jane', 'login', 'x', 'ü', 'v1.0x'),
    fc.string({ maxLength: 5 }),
  );
  const start = fc.oneof(
    fc.constantFrom('', ...words.pathStarts),
    fc.constantFrom('/ConfigurationManager/v1/objects/storages', '/v2/p/instances', '/openidm/managed'),
  );
  const path = fc
    .tuple(start, fc.array(segment, { maxLength: 12 }), fc.constantFrom('', '/', ...words.pathEnds))
    .map(([before, segments, after]) => before + segments.map((one) => `/${one}`).join('') + after);
  const parameter = fc.oneof(
    fc.constantFrom(...words.parameters, 'Timeout', 'timeouts'),
    fc.string({ maxLength: 4 }),
  );
  const query = fc
    .array(fc.tuple(parameter, fc.constantFrom('', '=', '=5', '=a=b')), { maxLength: 3 })
    .map((all) => all.map(([name, value], i) => (i === 0 ? '?' : '&') + name + value).join(''));
  const domain = fc.constantFrom(...words.hosts, 'nowhere.test', '[::1]', 'A.INTERN.EXAMPLE');
  const host = fc
    .tuple(fc.constantFrom('', 'x', 'a.own', 'UPPER'), domain, fc.constantFrom('', ':443'))
    .map(([before, name, port]) => before + name + port);
  const orNone = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const line = fc.record({
    time: fc.constantFrom('2026-11-21T07:39:59Z', '2026-11-21T07:00:00Z', '2099-01-01T00:00:00Z', 'x'),
    status: fc.oneof(fc.constantFrom(...[200, 202, 404, 413, 417, 429, 500, 503, 504, 0, 999]), fc.nat(700)),
    method: orNone(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'PURGE', '-')),
    path: orNone(fc.tuple(path, query).map((parts) => parts.join(''))),
    host: orNone(fc.oneof(host, fc.string({ maxLength: 5 }))),
    duration: orNone(fc.double({ min: 0, max: 1e6, noNaN: true })),
    body_bytes: orNone(fc.maxSafeNat()),
    retry_after: orNone(fc.constantFrom('', '5', '0', 'Sat, 21 Nov 2026 07:41:00 GMT', 'x')),
    content_type: orNone(
      fc.constantFrom('', ...words.mediaTypes, ...[...words.mediaTypes].map((type) => `${type};a=b`), 'a/b'),
    ),
    if_match: orNone(fc.constantFrom('', '*', '"x"')),
    if_none_match: orNone(fc.constantFrom('', '*')),
    error_code: orNone(
      fc
        .tuple(
          fc.constantFrom('', ...words.errorCodes, ...words.errorCodeStarts),
          fc.constantFrom('', '1', 'x'),
        )
        .map((parts) => parts.join('')),
    ),
    partial_success: orNone(fc.constantFrom('', 0, 2)),
    timeout_param: orNone(fc.constantFrom('', '5')),
    client: orNone(fc.constantFrom('10.0.0.1', '10.0.0.2', '')),
    consumer: orNone(fc.constantFrom('csi-7', 'jane', 'a', '', 'csi driver')),
    user_agent: orNone(fc.constantFrom('Terraform/1.9', 'b', 'kube-probe/1', '', 'curl')),
    device: orNone(fc.constantFrom('886000123456', 'a b', 'x|y', '', 'dev1')),
    model: orNone(fc.constantFrom('VSP G370', 'VSP E990', 'a model', '')),
    complete: orNone(fc.constantFrom(true, false, '')),
    upstream_status: orNone(fc.constantFrom('', '503', '502, 200', '503, 503', '0')),
    start_time: orNone(fc.constantFrom('2026-11-21T07:39:58Z', '', 'x')),
    request_bytes: orNone(fc.constantFrom('', 0, 351, 'x')),
    location: orNone(
      fc.oneof(path, fc.constantFrom('', 'https://a.example', 'https://a.example/v2/p/jobs/7')),
    ),
    idempotency_key: orNone(fc.constantFrom('', 'k-1', 'k-2')),
    attempt: orNone(fc.constantFrom('', '1', 'attempt=2; max=3', 'x')),
  });
  const FIELDS = [
    'time status method path host duration body_bytes retry_after content_type if_match if_none_match',
    'error_code partial_success timeout_param client consumer user_agent device model complete upstream_status',
    'start_time request_bytes location idempotency_key attempt',
  ].flatMap((names) => names.split(' '));
  const fields = Object.fromEntries(FIELDS.map((name) => [name, { path: [name] }]));

  it('whatever is asked of a request', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), anyVendor, (objects, vendor) =>
        expectSame(
          { vendor, format: 'json', fields, ...SETTINGS },
          Buffer.from(objects.map((object) => JSON.stringify(object)).join('\n')),
        ),
      ),
      { numRuns: 500 },
    );
  });

  it('holds no word of a line that neither a document nor the settings hold', () => {
    const planted = fc.stringMatching(/^zq[a-z]{8,12}$/);
    fc.assert(
      fc.property(line, planted, anyVendor, (object, secret, vendor) => {
        const object2 = {
          ...object,
          path: `${object.path ?? ''}/!${secret}?${secret}=${secret}&timeout=${secret}`,
          host: `${secret}.intern.example`,
          client: secret,
          consumer: secret,
          user_agent: `Terraform/${secret}`,
          device: `!${secret}`,
          model: `${secret}`,
          error_code: `${object.error_code ?? ''}${secret}`,
          content_type: `${object.content_type ?? ''};${secret}`,
          if_match: secret,
          request_id: secret,
          location: `https://${secret}.intern.example/v2/!${secret}/jobs/${secret}?${secret}#${secret}`,
          idempotency_key: secret,
          attempt: secret,
        };
        const bytes = Buffer.from(`${JSON.stringify(object2)}\n{"${secret}": "${secret}\n`);
        const kept = reducedLines({ vendor, format: 'json', fields, ...SETTINGS }, bytes).toString();
        expect(kept).not.toContain(secret);
        expect(kept.split('\n').length).toBe(3);
      }),
      { numRuns: 200 },
    );
  });

  const kept = (object: object): string[] =>
    reducedLines({ vendor: 'auto', format: 'json', fields, ...SETTINGS }, Buffer.from(JSON.stringify(object)))
      .toString()
      .trim()
      .split('\t');
  const pathOf = (path: string): string | undefined =>
    kept({ status: 200, path }).find((field) => field.startsWith('=') && field.length > 1);

  it.each([
    ['/v2/4711/instances?name=jane&timeout=5', '=/v2/{}/instances?timeout'],
    [
      '/ConfigurationManager/v1/objects/storages/886000123456/ldevs/7',
      '=/ConfigurationManager/v1/objects/storages/886000123456/{}/{}',
    ],
    ['/ConfigurationManager/configuration/versions', '=/ConfigurationManager/configuration/version{}'],
    ['/home/jane/x', '=/{}/{}/{}'],
    [
      '/openidm/a/b/c/d/e/f/g/h/i/j/k/l/authenticate',
      expect.stringMatching(/^=\/openidm(\/\{\})+\/authenticate$/),
    ],
    ['/tenants/acmeX/y', '=/tenants/acme{}/{}'],
  ])('keeps of %s %s', (path, expected) => expect(pathOf(path)).toEqual(expected));

  it.each([
    ['/v2/4711/instances/7?x=y', '/v2/{}/instances/{}'],
    ['https://dcs.ap-southeast-1.myhuaweicloud.com/v2/4711/instances/7', '/v2/{}/instances/{}'],
    ['https://a.example', ''],
    [
      '/ConfigurationManager/v1/objects/storages/886000123456/ldevs/7',
      '/ConfigurationManager/v1/objects/storages/886000123456/{}/{}',
    ],
  ])('keeps of the Location %s %s', (location, expected) => {
    const fields = kept({ status: 202, path: '/ConfigurationManager/v1/objects/storages', location });
    expect(fields.at(-3)).toBe(`=${expected}`);
  });

  it('keeps a pseudonym of an Idempotency-Key, and the numbers as they are', () => {
    const line = { status: 202, start_time: '2026-11-21T07:39:58Z', request_bytes: 351, attempt: 2 };
    expect(kept({ ...line, idempotency_key: 'k-1' }).slice(-6)).toEqual([
      String(Date.parse('2026-11-21T07:39:58Z')),
      '351',
      '2',
      '',
      `=${pseudonym(Buffer.from('k-1'))}`,
      '.',
    ]);
  });

  it('tells callers apart by a name of the settings, else by a pseudonym of the user, else of the address', () => {
    const caller = (fields: object) =>
      kept({ status: 200, path: '/x', ...fields }).filter((field) => /^=[^/{]/.test(field));
    expect(caller({ consumer: 'csi-7', client: '10.0.0.2' })).toEqual(['=csi driver']);
    expect(caller({ consumer: 'jane', client: '10.0.0.2' })).toEqual([`=${pseudonym(Buffer.from('jane'))}`]);
    expect(caller({ client: '10.0.0.2' })).toEqual([`=${pseudonym(Buffer.from('10.0.0.2'))}`]);
  });
});
