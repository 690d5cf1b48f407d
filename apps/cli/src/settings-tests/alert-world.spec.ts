import { loadSettings } from '#settings';
import { lensOf } from '#verdict';
import { alertWorld } from './alert-world.js';
import { countLog } from './counted-log.js';
import type { PlannedTest } from './planned-test.js';

const TIMING = { repeatMs: 90_000, forMs: 300_000, scrapeMs: 60_000 };
const LINE = `${JSON.stringify({
  time: '2026-11-21T08:00:00+00:00',
  request_method: 'GET',
  request_uri: '/ConfigurationManager/v1/objects/ldevs',
  status: '500',
  upstream_status: '500',
})}\n`;

describe('what Prometheus would have seen', () => {
  const settings = loadSettings('statuslens.yaml', {});
  const world = (text: string): Map<string, string> => {
    const lens = lensOf(settings.catalogue);
    const source = { ...settings.sources.get('default')!, labels: { team: 'a"b' }, heartbeatMs: 60_000 };
    const log = Buffer.from(text);
    const plan = { settings, lens, source, log, file: '', line: 1, test: { name: '' } } satisfies PlannedTest;
    const received = Date.parse('2026-11-21T08:00:05Z');
    return new Map(
      alertWorld(countLog(plan, received), plan, TIMING).map(({ series, values }) => [
        series.replace(',job="statuslens",instance="statuslens:9477"', ''),
        values,
      ]),
    );
  };

  it('grows with every time that the log comes', () => {
    const series = world(LINE.repeat(2));
    expect(series.get('statuslens_lines_total{source="default",outcome="classified"}')).toBe('0 0 2 4 4 6');
    expect(series.get('statuslens_lines_total{source="default",outcome="ignored"}')).toBe('0x5');
    expect(series.get('statuslens_batches_total{source="default",outcome="committed"}')).toBe('0 0 1 2 2 3');
  });

  it('has no sample before the first line of what cannot be foreseen', () => {
    const series = world(LINE);
    expect(series.get('statuslens_ingest_delay_seconds_count{source="default"}')).toBe('_ _ 1 2 2 3');
    expect(series.get('statuslens_ingest_delay_seconds_sum{source="default"}')).toBe('_ _ 5 10 10 15');
    expect(series.get('statuslens_last_event_timestamp_seconds{source="default"}')).toBe(
      '_ _ 85 175 175 265',
    );
  });

  it('tells of the settings and of a statuslens that is well', () => {
    const series = world('');
    expect(series.get('statuslens_source_info{team="a\\"b",source="default"}')).toBe('1x5');
    expect(series.get('statuslens_source_heartbeat_seconds{source="default"}')).toBe('60x5');
    expect([...series.keys()].some((name) => name.startsWith('statuslens_last_event'))).toBe(false);
    expect([...series].filter(([name]) => name.startsWith('statuslens_redis_persistence_ok'))).toHaveLength(
      1,
    );
  });

  it('has the series of those vendors alone that lines are judged by', () => {
    const vendors = [...world(LINE).keys()].flatMap((name) => /vendor="([^"]*)"/.exec(name)?.[1] ?? []);
    expect(new Set(vendors)).toEqual(new Set(['hitachi-opscenter-cm']));
  });
});
