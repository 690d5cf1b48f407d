import { demoTable, judgementsBetween, type Row } from './demo-table.js';

const VENDORS = ['forgerock-crest', 'hitachi-hsae', 'hitachi-opscenter-cm', 'huawei-cloud', 'otc-dcs'];

const row = (labels: Record<string, string>, count = 1): Row => ({
  labels: { source: 'nginx', origin: 'vendor', responsible: 'client', reason: 'busy', ...labels },
  count,
});

const judged = (vendor: string, code: string, verdict: string, count = 1): Row =>
  row({ vendor, code, verdict }, count);

const lineOf = (table: string, start: string): string | undefined =>
  table.split('\n').find((line) => line.startsWith(start));

const series = (code: number, count: number): string =>
  `statuslens_requests_total{source="nginx",vendor="otc-dcs",code="${code}",verdict="ok"} ${count}`;

describe('judgementsBetween', () => {
  it('counts what the second page has more than the first', () => {
    const rows = judgementsBetween(
      [series(200, 3), series(204, 1)].join('\n'),
      [series(200, 5), series(204, 1), series(201, 4), series(202, 0)].join('\n'),
    );
    expect(rows.map(({ labels, count }) => [labels['code'], count])).toEqual([
      ['200', 2],
      ['201', 4],
    ]);
    expect(rows[0]!.labels).toEqual({ source: 'nginx', vendor: 'otc-dcs', code: '200', verdict: 'ok' });
  });
});

describe('demoTable', () => {
  it('puts the verdicts of the same status side by side', () => {
    const table = demoTable(
      [judged('otc-dcs', '503', 'client_fault'), judged('hitachi-hsae', '503', 'retryable_busy')],
      VENDORS,
    );
    expect(lineOf(table, 'code')).toMatch(/^code +hitachi-hsae +otc-dcs$/);
    expect(lineOf(table, '503')).toMatch(/^503 +retryable_busy +client_fault$/);
  });

  it('shows the commonest of several verdicts, and that there are others', () => {
    const table = demoTable(
      [
        judged('hitachi-hsae', '503', 'partial_success', 2),
        row({ vendor: 'hitachi-hsae', code: '503', verdict: 'retryable_busy', action: 'retry_later' }, 1),
        row(
          { vendor: 'hitachi-hsae', code: '503', verdict: 'retryable_busy', action: 'wait_retry_after' },
          2,
        ),
      ],
      VENDORS,
    );
    expect(lineOf(table, '503')).toMatch(/^503 +retryable_busy\+$/);
  });

  it('says in short where all documents agree', () => {
    const table = demoTable(
      [
        judged('otc-dcs', '404', 'client_fault'),
        judged('hitachi-hsae', '404', 'client_fault'),
        judged('hitachi-hsae', '401', 'client_fault'),
        judged('otc-dcs', '200', 'ok'),
      ],
      VENDORS,
    );
    expect(lineOf(table, '404')).toBeUndefined();
    expect(table).toContain('alike ok 200\n      client_fault 401 404\n');
  });

  it('leaves out of the comparison what the log cannot ascribe to a vendor', () => {
    const table = demoTable(
      [
        row(
          {
            vendor: 'otc-dcs',
            code: '503',
            verdict: 'retryable_busy',
            origin: 'gateway',
            reason: 'throttled',
          },
          3,
        ),
        row({ vendor: 'otc-dcs', code: '503', verdict: 'server_fault', origin: 'unknown' }, 2),
        judged('otc-dcs', '503', 'client_fault'),
        judged('hitachi-hsae', '503', 'retryable_busy'),
      ],
      VENDORS,
    );
    expect(lineOf(table, '503')).toMatch(/^503 +retryable_busy +client_fault$/);
    expect(table).toMatch(/made by a gateway itself.*\(3 requests\):\n\n +3 {2}503 {2}throttled +client\n/);
  });

  it('counts by party what is not ok', () => {
    const table = demoTable(
      [
        judged('otc-dcs', '200', 'ok', 10),
        judged('otc-dcs', '202', 'accepted', 5),
        judged('otc-dcs', '503', 'client_fault', 2),
        row({ vendor: 'hitachi-hsae', code: '504', verdict: 'gateway_timeout', responsible: 'device' }, 3),
      ],
      VENDORS,
    );
    expect(table).toContain('who must act on the 5 of 20 requests that are not ok:');
    expect(table).toMatch(/\n +3 {2}device +The team of the storage device.*\n +2 {2}client +The caller /);
  });

  it('breaks long names rather than cutting them, within 100 columns', () => {
    const longest = ['partial_success', 'gateway_timeout'].flatMap((verdict) =>
      VENDORS.map((vendor) => row({ vendor, code: '504', verdict, responsible: 'client_or_service' })),
    );
    const table = demoTable(longest, VENDORS);
    expect(table).toMatch(/\n +hitachi-\ncode .*hitachi-hsae +opscenter-cm +huawei-cloud/);
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});
