import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { Catalogue, loadVendor, type VendorFile } from '#catalogue';
import { lensOf } from './lens.js';
import { SourceReader, type Reading } from './source-reader.js';
import type { Tally } from './tally.js';
import { tallyFields, tallyMaxima } from './tally-fields.js';

const VENDORS = 'libs/catalogue/vendors';
const LOGS = 'libs/access-log/test-data';
const catalogue = new Catalogue(
  readdirSync(VENDORS).map(
    (name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile,
  ),
);
const lens = lensOf(catalogue);

const BUCKETS = { durationMicros: [1000, 10_000], retryAfterSeconds: [10], delayMs: [1000] };
const RECEIVED = Date.parse('2026-11-21T07:40:00Z');
const LONGEST = 64 * 1024;

function tallyOf(reading: Reading, chunks: readonly Uint8Array[], lateAfterMs = Infinity): Tally {
  const reader = new SourceReader(lens, reading);
  const tally = reader.newTally(BUCKETS, { receivedAt: RECEIVED, now: RECEIVED, lateAfterMs });
  const lines = reader.begin(tally, LONGEST);
  for (const chunk of chunks) lines.push(chunk);
  lines.end();
  return tally;
}

const fieldsOf = (tally: Tally): [string, number][] =>
  [...tallyFields('s', tally), ...tallyMaxima('s', tally)].sort();
const outcomes = (tally: Tally): number => tally.classified + tally.rejectedLines + tally.ignored;
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const AUTO = { vendor: 'auto', format: 'auto' };
const realLines = ['nginx-json.log', 'nginx-combined.log'].map((name) =>
  readFileSync(`${LOGS}/${name}`, 'latin1').trim().split('\n'),
);

describe('reading a batch', () => {
  it('ends for every line in exactly one of classified, rejected and ignored, whatever the lines are', () => {
    const line = fc.oneof(
      fc.constantFrom(...realLines[0]!),
      fc.constantFrom(...realLines[0]!).chain((good) => fc.nat(good.length).map((cut) => good.slice(0, cut))),
      fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)) }),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const tally = tallyOf({ vendor: 'auto', format: 'combined' }, [
          bytes(lines.map((one) => `x${one}`).join('\n')),
        ]);
        expect(outcomes(tally)).toBe(lines.length);
      }),
    );
  });

  it('gives the same counts for the same lines, in whatever pieces they come', () => {
    const anyCuts = fc.tuple(fc.constantFrom(...realLines), fc.array(fc.nat(60_000)));
    fc.assert(
      fc.property(anyCuts, ([log, places]) => {
        const whole = bytes(log.join('\n'));
        const cuts = [
          0,
          ...places.filter((place) => place < whole.length).sort((a, b) => a - b),
          whole.length,
        ];
        const pieces = cuts.slice(1).map((end, i) => whole.subarray(cuts[i], end));
        expect(fieldsOf(tallyOf(AUTO, pieces))).toEqual(fieldsOf(tallyOf(AUTO, [whole])));
      }),
      { numRuns: 50 },
    );
  });

  it('adds up: two batches are together what one batch of all their lines is', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(realLines[0]!), fc.nat(147), (log, at) => {
        const sums = new Map<string, number>();
        for (const part of [log.slice(0, at), log.slice(at)])
          for (const [field, amount] of tallyFields(
            's',
            tallyOf({ vendor: 'auto', format: 'nginx-json' }, [bytes(part.join('\n'))]),
          ))
            sums.set(field, (sums.get(field) ?? 0) + amount);
        const whole = tallyFields(
          's',
          tallyOf({ vendor: 'auto', format: 'nginx-json' }, [bytes(log.join('\n'))]),
        );
        expect([...sums].sort()).toEqual(whole.sort());
      }),
      { numRuns: 50 },
    );
  });

  it.each<[file: string, format: string, status: RegExp, none: string]>([
    ['alb', 'alb', / 200 200 /, ' - - '],
    ['envoy', 'envoy', / 204 /, ' 0 '],
    ['haproxy-httplog', 'haproxy', / 200 141 /, ' -1 0 '],
    ['json', 'json', /503/, '0'],
    ['logfmt', 'logfmt', /status=200/, 'status=000'],
    ['nginx-combined', 'combined', / 200 /, ' 000 '],
    ['nginx-json', 'nginx-json', /"200"/, '"000"'],
    ['traefik-clf', 'traefik-clf', / 200 /, ' 0 '],
  ])(
    'tells what a line without a status asked for, and ignores it all the same: %s',
    (file, format, status, none) => {
      const [line = ''] = readFileSync(`${LOGS}/${file}.log`, 'latin1').split('\n');
      const reader = new SourceReader(lens, { vendor: 'auto', format });
      const tally = reader.newTally(BUCKETS, { receivedAt: RECEIVED, now: RECEIVED, lateAfterMs: Infinity });
      const told: string[] = [];
      const lines = reader.begin(
        {
          classify: (cell, request) => tally.classify(cell, request),
          ignore: () => tally.ignore(),
          pass: (outcome, of, start, end) => tally.pass(outcome, of, start, end),
          unanswered: (cell, request) =>
            told.push(`${request.method} ${request.path.toString()} ${catalogue.judgement(cell).reason}`),
        },
        LONGEST,
      );
      lines.push(bytes(`${line}\n${line.replace(status, none)}\n`));
      lines.end();
      expect({ classified: tally.classified, ignored: tally.ignored }).toEqual({ classified: 1, ignored: 1 });
      expect(told).toEqual([expect.stringMatching(/^[02] \/.* client_closed$/)]);
    },
  );

  const timed = (time: string, more = '') =>
    bytes(`{"time":"${time}","status":503,"request_method":"POST","request_uri":"/openidm/x"${more}}\n`);
  const read = (line: Buffer, lateAfterMs?: number, reading: Partial<Reading> = {}) =>
    Object.fromEntries(
      fieldsOf(tallyOf({ vendor: 'auto', format: 'nginx-json', ...reading }, [line], lateAfterMs)),
    );

  it('counts a late line as late, and all the same', () => {
    const late = read(timed('2026-11-21T07:34:00+00:00'), 300_000);
    expect(late).toMatchObject({
      'lines|s|classified': 1,
      'lateLines|s': 1,
      'lateRequests|s|forgerock-crest|retryable_busy|service|unknown': 1,
    });
    expect(read(timed('2026-11-21T07:36:00+00:00'), 300_000)).not.toHaveProperty('lateLines|s');
  });

  it('does not believe a line that claims to be from the future', () => {
    expect(read(timed('2099-01-01T00:00:00+00:00'))).toMatchObject({
      'lastEvent|s': RECEIVED,
      'delay|s|0': 1,
      'futureLines|s': 1,
    });
  });

  it('takes a time without a zone as UTC, so that a gateway east of it shows as a clock that is ahead', () => {
    const utc = read(timed('2026-11-21T07:39:30'));
    const berlin = read(timed('2026-11-21T08:39:30'));
    expect([utc['futureLines|s'], berlin['futureLines|s']]).toEqual([undefined, 1]);
  });

  it('observes durations and promised waits where the log has them', () => {
    const fields = read(
      timed(
        '2026-11-21T07:39:59+00:00',
        ',"request_time":0.007,"retry_after":"30","upstream_status":"503","upstream_header_time":"0.1","upstream_retry_after":"30"',
      ),
    );
    expect(fields).toMatchObject({
      'duration|s|forgerock-crest|retryable_busy|write|1': 1,
      'duration|s|forgerock-crest|retryable_busy|write|sum': 7000,
      'retryAfter|s|forgerock-crest|1': 1,
      'retryAfter|s|forgerock-crest|sum': 30,
    });
  });

  it('takes the model of the device from the settings of the source', () => {
    const line = bytes('{"status":417,"request_method":"GET","request_uri":"/ConfigurationManager/v1/x"}');
    const verdicts = (model?: string) =>
      Object.keys(read(line, undefined, { model })).filter((key) => key.startsWith('requests'));
    expect(verdicts('VSP 5600')[0]).toContain('|417|undocumented|');
    expect(verdicts('VSP G370')[0]).toContain('|417|client_fault|');
  });

  it('believes that a query without a timeout means none, if the settings say so', () => {
    const line = bytes(
      '{"status":504,"request_method":"GET","request_uri":"/v2/x","host":"a.otc.t-systems.com"}',
    );
    const responsible = (timeoutInQuery: boolean) =>
      Object.keys(read(line, undefined, { timeoutInQuery }))
        .find((key) => key.startsWith('requests'))!
        .split('|')[6];
    expect(responsible(false)).toBe('service');
    expect(responsible(true)).toBe('gateway');
  });

  it('keeps a short sample of a rejected line', () => {
    const tally = tallyOf({ vendor: 'auto', format: 'combined' }, [bytes(`${'x'.repeat(5000)}\n`)]);
    expect([...tally.rejections()]).toEqual([
      { reason: 'malformed_line', count: 1, sample: 'x'.repeat(300) },
    ]);
  });

  const nginx = (more: object): Buffer =>
    bytes(
      `${JSON.stringify({ status: 200, request_method: 'GET', upstream_status: '200', upstream_header_time: '0.1', ...more })}\n`,
    );
  const seen = (fields: Record<string, number>, metric: string) =>
    Object.entries(fields)
      .filter(([field]) => field.startsWith(`${metric}|`))
      .map(([field, count]) => `${field.split('|').slice(2).join(' ')} ${count}`);

  it('counts failures that callers never saw, once a later attempt went well', () => {
    const recovered = (status: number, upstream: string) =>
      seen(
        read(
          nginx({
            status,
            request_uri: '/openidm/x',
            upstream_status: upstream,
            upstream_header_time: '0.1, 0.1',
          }),
        ),
        'recovered',
      );
    expect(recovered(200, '503, 200')).toEqual(['forgerock-crest 503 1']);
    expect(recovered(200, '503, 502 : 200').sort()).toEqual([
      'forgerock-crest 502 1',
      'forgerock-crest 503 1',
    ]);
    expect(recovered(503, '503, 503')).toEqual([]);
    expect(recovered(200, '200')).toEqual([]);
  });

  it('tells route, device and consumer of a request', () => {
    const fields = read(
      nginx({
        request_uri: '/ConfigurationManager/v1/objects/storages/886000123456/ldevs/7?x=1',
        http_user_agent: 'Terraform/1.9',
      }),
      undefined,
      {
        consumers: [
          { name: 'csi', user: 'csi' },
          { name: 'terraform', userAgent: 'Terraform/*' },
        ],
      },
    );
    expect(seen(fields, 'route')).toEqual([
      'hitachi-opscenter-cm GET /ConfigurationManager/v1/objects/storages/{storageDeviceId}/{resource}/{id} ok 1',
    ]);
    expect(seen(fields, 'device')).toEqual(['hitachi-opscenter-cm 886000123456 ok 1']);
    expect(seen(fields, 'consumer')).toEqual(['hitachi-opscenter-cm terraform ok 1']);
  });

  it('calls whatever it has no name for "other"', () => {
    const fields = read(nginx({ request_uri: '/openidm/a/b/c/d', request_method: 'PURGE' }), undefined, {
      consumers: [{ name: 'csi', user: 'csi' }],
    });
    expect(seen(fields, 'route')).toEqual(['forgerock-crest other other ok 1']);
    expect(seen(fields, 'consumer')).toEqual(['forgerock-crest other ok 1']);
    const strange = read(nginx({ request_uri: '/ConfigurationManager/v1/objects/storages/a%7Cb|c' }));
    expect(seen(strange, 'device')).toEqual(['hitachi-opscenter-cm other ok 1']);
  });

  it('knows the model by the device in the path, else by the source', () => {
    const verdict = (device: string) =>
      seen(
        read(
          nginx({
            status: 417,
            upstream_status: '417',
            request_uri: `/ConfigurationManager/v1/objects/storages/${device}`,
          }),
          undefined,
          {
            model: 'VSP 5600',
            models: new Map([['886000123456', 'VSP G370']]),
          },
        ),
        'requests',
      )[0]!.split(' ')[2];
    expect(verdict('886000123456')).toBe('client_fault');
    expect(verdict('886000999999')).toBe('undocumented');
  });

  it('follows the routes of the settings before host and path fingerprints', () => {
    const vendor = (host: string, path: string) =>
      seen(
        read(nginx({ host, request_uri: path }), undefined, {
          routes: [
            { vendor: 'otc-dcs', host: '*.example' },
            { vendor: 'hitachi-hsae', host: '*.example', path: '/array/' },
            { vendor: 'huawei-cloud', path: '/openidm/' },
          ],
        }),
        'requests',
      )[0]!.split(' ')[0];
    expect(vendor('a.example', '/x')).toBe('otc-dcs');
    expect(vendor('a.example', '/array/x')).toBe('hitachi-hsae');
    expect(vendor('b.test', '/openidm/x')).toBe('huawei-cloud');
    expect(vendor('b.test', '/am/json/x')).toBe('forgerock-crest');
    expect(vendor('b.test', '/x')).toBe('unknown');
  });

  it('ignores probes and scanners, and says how many', () => {
    const ignore = {
      paths: ['/healthz', '/probe/*'],
      userAgents: ['kube-probe/*'],
      hasAddress: (address: string) => address === '10.0.0.1',
    };
    const lines = [
      { request_uri: '/healthz?x' },
      { request_uri: '/probe/7' },
      { request_uri: '/x', http_user_agent: 'kube-probe/1.30' },
      { request_uri: '/x', remote_addr: '10.0.0.1' },
      { request_uri: '/healthz2', remote_addr: '10.0.0.2' },
    ];
    expect(read(Buffer.concat(lines.map(nginx)), undefined, { ignore })).toMatchObject({
      'lines|s|ignored': 4,
      'lines|s|classified': 1,
    });
  });

  it('tells which evidence a log carries, so that what is not logged is not taken for 0', () => {
    const states = (fields: Record<string, number>, field: string) =>
      seen(fields, 'evidence').filter((entry) => entry.startsWith(`${field} `));
    const full = read(nginx({ request_uri: '/openidm/x', upstream_retry_after: '', partial_success: '2' }));
    expect(states(full, 'retry_after')).toEqual(['retry_after absent 1']);
    expect(states(full, 'partial_success')).toEqual(['partial_success present 1']);
    expect(states(full, 'error_code')).toEqual(['error_code not_logged 1']);
    expect(states(full, 'origin')).toEqual(['origin present 1']);
    const combined = read(bytes(realLines[1]![0]!), undefined, { format: 'combined' });
    expect(states(combined, 'origin')).toEqual(['origin not_logged 1']);
    expect(states(combined, 'retry_after')).toEqual(['retry_after not_logged 1']);
  });
});
