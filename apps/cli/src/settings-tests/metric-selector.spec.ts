import { isSelected, parseSelector, type Selector } from './metric-selector.js';

describe('a metric as users name it', () => {
  it.each([
    ['statuslens_lines_total', { metric: 'lines', suffix: '', labels: {} }],
    ['statuslens_lines_total{}', { metric: 'lines', suffix: '', labels: {} }],
    ['statuslens_lines_total{outcome="rejected"}', { labels: { outcome: 'rejected' } }],
    [
      'statuslens_lines_total { source = "a\\"}b", outcome="x", }',
      { labels: { source: 'a"}b', outcome: 'x' } },
    ],
    ['statuslens_retry_after_seconds_sum', { metric: 'retryAfter', suffix: '_sum' }],
    ['statuslens_retry_after_seconds_bucket{le="+Inf"}', { suffix: '_bucket', labels: { le: '+Inf' } }],
    ['statuslens_last_event_timestamp_seconds', { metric: 'lastEvent', suffix: '' }],
  ])('%s is taken apart', (text, selector) => expect(parseSelector(text)).toMatchObject(selector));

  it.each([
    ['up', /is not a metric of the log lines/],
    ['statuslens_retry_after_seconds', /is not a metric/],
    ['statuslens_lines_total_sum', /is not a metric/],
    ['statuslens_lines_total{code="503"}', 'has no label "code"; its labels are: source, outcome'],
    ['statuslens_retry_after_seconds_sum{le="1"}', /has no label "le"/],
    ['statuslens_lines_total{outcome!="x"}', /must be written as Prometheus does/],
    ['statuslens_lines_total{outcome=x}', /must be written as/],
    ['statuslens_lines_total{outcome="x"', /must be written as/],
    ['statuslens_lines_total{outcome="x" source="y"}', /must be written as/],
    ['statuslens_lines_total{outcome="\\q"}', /unknown escape/],
    [`statuslens_lines_total{${'a="b",'.repeat(5000)}`, /must be written as/],
  ])('%.60s is a mistake', (text, message) => {
    const mistake = parseSelector(text);
    expect(mistake).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('selects by some of the labels, and by the kind of a sample', () => {
    const sample = { suffix: '', labels: { source: 'a', outcome: 'rejected' }, value: 1 } as const;
    const selects = (text: string): boolean => isSelected(parseSelector(text) as Selector, sample);
    expect(selects('statuslens_lines_total')).toBe(true);
    expect(selects('statuslens_lines_total{outcome="rejected"}')).toBe(true);
    expect(selects('statuslens_lines_total{outcome="rejected", source="b"}')).toBe(false);
    expect(selects('statuslens_retry_after_seconds_count{source="a"}')).toBe(false);
  });
});
