import type { Report } from '../report.js';
import { durationText, leadSentences, percent, periodText } from './plain-words.js';

const T = Date.parse('2026-11-20T07:00:00Z');

const row = (code: number, verdict: string, responsible: string, count: number) =>
  ({
    vendor: 'v',
    code,
    verdict,
    reason: 'busy',
    responsible,
    action: 'none',
    origin: 'vendor',
    count,
  }) as const;

const reportOf = (...requests: readonly object[]): Report =>
  ({ requests, lines: {}, rejected: [], time: {}, by: [] }) as unknown as Report;

const leadOf = (report: Report): string[] => leadSentences(report, undefined, (vendor) => `API ${vendor}`);

describe('leadSentences', () => {
  it('says that all went well', () => {
    expect(leadOf(reportOf(row(200, 'ok', 'nobody', 1200)))).toEqual([
      'All 1,200 requests did what they were sent for.',
    ]);
  });

  it('says that there was nothing', () => {
    expect(leadOf(reportOf())).toEqual(['There was no request in these logs.']);
  });

  it('says how many failed, who must act, and what was most frequent', () => {
    const report = reportOf(
      row(200, 'ok', 'nobody', 60),
      row(503, 'retryable_busy', 'service', 30),
      row(400, 'client_fault', 'client', 10),
    );
    expect(leadOf(report)).toEqual([
      '40 of 100 requests (40 %) did not do what they were sent for.',
      'Most of them, 30, are for the team of the storage service to act upon; the most frequent was 503 from API v (busy, may be sent again), 30 times.',
    ]);
  });

  it('names nobody for what no document explains', () => {
    expect(leadOf(reportOf(row(418, 'undocumented', 'unknown', 1)))[1]).toBe(
      'All of them are explained by no document, so nobody is named for them; the most frequent was 418 from API v (not explained by the document), 1 time.',
    );
  });
});

it.each([
  [0, 0, '0 %'],
  [1, 3, '33 %'],
  [1, 30, '3.3 %'],
  [1, 100_000, 'less than 0.1 %'],
])('percent of %d of %d is %s', (part, whole, text) => expect(percent(part, whole)).toBe(text));

it.each([
  [0, '20 Nov 07:00 UTC'],
  [3_600_000, '20 Nov 07:00 to 08:00 UTC'],
  [86_400_000, '20 Nov 07:00 to 21 Nov 07:00 UTC'],
])('a period of %d ms is %s', (ms, text) => expect(periodText(T, T + ms)).toBe(text));

it.each([
  [10_000, '10 seconds'],
  [60_000, '1 minute'],
  [900_000, '15 minutes'],
  [3 * 3_600_000, '3 hours'],
])('%d ms are %s', (ms, text) => expect(durationText(ms)).toBe(text));
