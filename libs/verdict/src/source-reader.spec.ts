import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { Catalogue, loadVendor, type VendorFile } from '#catalogue';
import { Judge } from './judge.js';
import { SourceReader, type Reading } from './source-reader.js';
import { Tally } from './tally.js';
import { tallyFields, tallyMaxima } from './tally-fields.js';

const VENDORS = 'libs/catalogue/vendors';
const LOGS = 'libs/access-log/test-data';
const catalogue = new Catalogue(
  readdirSync(VENDORS).map(
    (name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile,
  ),
);
const judge = new Judge(catalogue);

const BUCKETS = { durationMicros: [1000, 10_000], retryAfterSeconds: [10], delayMs: [1000] };
const RECEIVED = Date.parse('2026-11-21T07:40:00Z');
const LONGEST = 64 * 1024;

function tallyOf(reading: Reading, chunks: readonly Uint8Array[], lateAfterMs = Infinity): Tally {
  const tally = new Tally(catalogue, BUCKETS, { receivedAt: RECEIVED, now: RECEIVED, lateAfterMs });
  const lines = new SourceReader(catalogue, judge, reading).begin(tally, LONGEST);
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
      'lateRequests|s|forgerock-crest|retryable_busy': 1,
    });
    expect(read(timed('2026-11-21T07:36:00+00:00'), 300_000)).not.toHaveProperty('lateLines|s');
  });

  it('does not believe a line that claims to be from the future', () => {
    expect(read(timed('2099-01-01T00:00:00+00:00'))).toMatchObject({
      'lastEvent|s': RECEIVED,
      'delay|s|0': 1,
    });
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
});
