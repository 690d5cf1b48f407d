import { alertFindings } from './alert-findings.js';
import { alertNotes } from './alert-notes.js';
import type { ExpectedAlerts } from './test-file.js';

const WATCHDOG = { alertname: 'Watchdog', severity: 'info' };
const DOWN = { alertname: 'StorageApiDown', severity: 'page', vendor: 'otc-dcs' };
const LATE = { alertname: 'LinesLate', severity: 'ticket' };

const named = (alert: string, labels = {}) => ({ alert, labels });

const told = (expected: Partial<ExpectedAlerts>, ...firing: Record<string, string>[]): string[] =>
  alertFindings({ repeat: 1, for: 1, firing: [], quiet: [], only: false, ...expected }, firing).map(
    ({ name, text }) => `${name} ${text}`,
  );

describe('alerts against what is expected', () => {
  it('may fire besides those that are expected', () => {
    expect(told({ firing: [named('LinesLate')], quiet: [named('GatewayDown')] }, LATE, DOWN)).toEqual([]);
    expect(told({ firing: [named('StorageApiDown', { vendor: 'otc-dcs' })] }, DOWN)).toEqual([]);
  });

  it('are missed, with those that fire instead', () => {
    expect(told({ firing: [named('GatewayDown')] }, WATCHDOG)).toEqual([
      'GatewayDown expected to fire; it was quiet; firing: none',
    ]);
    expect(told({ firing: [named('GatewayDown')] }, DOWN, LATE, LATE, WATCHDOG)).toEqual([
      'GatewayDown expected to fire; it was quiet; firing: LinesLate, StorageApiDown',
    ]);
    expect(told({ firing: [named('StorageApiDown', { vendor: 'x' })] }, DOWN)).toEqual([
      'StorageApiDown{vendor="x"} expected to fire; it fires with severity="page", vendor="otc-dcs"',
    ]);
  });

  it('are told if they should be quiet, once', () => {
    expect(told({ quiet: [named('LinesLate')], only: true }, LATE, WATCHDOG)).toEqual([
      'LinesLate expected to be quiet; it fires with severity="ticket"',
    ]);
    expect(told({ quiet: [named('StorageApiDown', { vendor: 'x' })] }, DOWN)).toEqual([]);
  });

  it('must be the only ones if so told, except for Watchdog', () => {
    expect(told({ firing: [named('LinesLate')], only: true }, LATE, WATCHDOG)).toEqual([]);
    expect(told({ firing: [named('LinesLate')], only: true }, LATE, DOWN, WATCHDOG)).toEqual([
      'StorageApiDown not expected; it fires with severity="page", vendor="otc-dcs"',
    ]);
  });
});

describe('notes on alerts that were quiet', () => {
  const objectives = { windows: { short: 300_000 }, slo: { minimumRequests: 20 } };
  const notes = (classified: number, late: number, repeatMs: number): string[] =>
    alertNotes({ classified, late }, { objectives } as never, {
      repeatMs,
      forMs: 3_600_000,
      scrapeMs: 60_000,
    }).map(({ text }) => text);

  it('tell of late lines, of few lines and of a log that never came', () => {
    expect(notes(1, 0, 10_000)).toEqual([]);
    expect(notes(3, 2, 10_000)).toEqual([
      '2 of 3 requests were late, and alerts leave those out; see `received`',
    ]);
    expect(notes(1, 0, 60_000)).toEqual([
      'there were 5 requests in 5 minutes, and few say little; see `repeat`',
    ]);
    expect(notes(99, 0, 7_200_000)[0]).toBe('the log never came: `repeat` is longer than `for`');
  });
});
