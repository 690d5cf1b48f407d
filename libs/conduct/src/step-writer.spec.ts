import fc from 'fast-check';
import type { NotedStep, Step } from './step.js';
import { stepsInOrder } from './step-reader.js';
import type { Piece } from './step-writer.js';
import { RECEIVED_AT, judgedLines, notedStep, written } from '../../../test/harness/written-pieces.js';

const CM = '/ConfigurationManager/v1/objects';
const LDEV = `${CM}/storages/886000123456/ldevs/1`;

const line = (fields: Readonly<Record<string, unknown>> = {}): string =>
  `${JSON.stringify({
    msec: (RECEIVED_AT / 1000).toFixed(3),
    remote_addr: '10.1.0.1',
    host: 'cm.example',
    request_method: 'GET',
    request_uri: LDEV,
    status: '200',
    body_bytes_sent: 12,
    request_time: 0.02,
    upstream_addr: '10.9.0.1:443',
    upstream_status: fields['status'] ?? '200',
    completion: 'OK',
    ...fields,
  })}\n`;

const piecesOf = (...lines: string[]): Piece[] => written(Buffer.from(lines.join(''))).pieces();
const stepsOf = (piece: Piece): Step[] => Array.from(stepsInOrder([piece.steps]), (step) => ({ ...step }));

describe('a request that went well', () => {
  it('is its times and its operation', () => {
    const [piece] = piecesOf(line());
    expect(stepsOf(piece!)).toEqual([
      { startMs: RECEIVED_AT - 20, endMs: RECEIVED_AT, operation: expect.any(Number) as number, attempt: -2 },
    ]);
  });

  it('takes seven to nine bytes beside what the piece has once', () => {
    const many = (count: number, fields: Readonly<Record<string, unknown>>): number =>
      piecesOf(...Array<string>(count).fill(line(fields)))[0]!.steps.length;
    const perLine = (fields = {}): number => (many(1100, fields) - many(100, fields)) / 1000;
    expect(perLine({ request_time: 0 })).toBeCloseTo(7, 1);
    expect(perLine({ request_time: 0.1 })).toBeCloseTo(8, 1);
    expect(perLine({ request_time: 10 })).toBeCloseTo(9, 1);
  });

  it.each([
    ['was not ok', { status: '503' }],
    ['was accepted', { status: '202' }],
    ['writes', { request_method: 'PATCH' }],
    ['asks for a job', { request_uri: `${CM}/jobs/7` }],
    ['is not the first attempt', { attempt: '2' }],
    ['was cut off', { completion: '' }],
  ])('is noted if it %s', (_, fields) =>
    expect(notedStep(line(fields))).toMatchObject({ device: expect.any(String) as string }),
  );

  it('says so if its caller sends it for the first time', () => {
    expect(stepsOf(piecesOf(line({ attempt: '1' }))[0]!)).toMatchObject([{ attempt: 1 }]);
  });

  it('is known as that by its code where no document speaks', () => {
    const [piece] = piecesOf(line({ request_uri: '/nobody', status: '302' }));
    expect(stepsOf(piece!)[0]).not.toHaveProperty('verdict');
  });
});

describe('a request that is noted', () => {
  const failed = line({
    request_method: 'POST',
    request_uri: `${LDEV}?token=hush&name=x`,
    status: '503',
    upstream_retry_after: '30',
    retry_after: '30',
    location: '',
    request_id: 'id-1',
    attempt: 'attempt=3; max=4',
    completion: '',
    remote_user: 'jane',
  });

  it('tells all that must be known', () => {
    const consumers = [{ name: 'billing', user: 'jane' }];
    const step: NotedStep = notedStep(failed, { consumers });
    expect(step).toEqual({
      startMs: RECEIVED_AT - 20,
      endMs: RECEIVED_AT,
      operation: expect.any(Number) as number,
      caller: expect.any(Number) as number,
      resource: expect.any(Number) as number,
      vendor: 'hitachi-opscenter-cm',
      device: '886000123456',
      consumer: 'billing',
      method: 'POST',
      isWrite: true,
      role: 'other',
      code: 503,
      verdict: 'retryable_busy',
      reason: 'busy',
      disposition: step.disposition,
      retryAfter: 30,
      location: -1,
      attempt: 3,
      isExact: false,
      isCut: true,
      requestId: 'id-1',
      path: `${LDEV}?token=***&name=x`,
    });
  });

  it('has no consumer if the settings name none', () => {
    expect(notedStep(failed).consumer).toBe('');
    expect(notedStep(failed, { consumers: [{ name: 'x', user: 'joe' }] }).consumer).toBe('');
  });

  it('has an id and a path of bounded length, even of hostile ones', () => {
    const step = notedStep(
      line({
        request_method: 'POST',
        status: '503',
        request_id: 'i'.repeat(9000),
        request_uri: `/${'é'.repeat(9000)}`,
      }),
    );
    expect(step.requestId).toBe('i'.repeat(64));
    expect(step.path).toBe(`/${'é'.repeat(199)}`);
  });

  it('shows no path if it went well, and no id if it does not write', () => {
    expect(notedStep(line({ request_method: 'POST', request_id: 'a' }))).toMatchObject({
      path: '',
      requestId: 'a',
    });
    expect(notedStep(line({ status: '503', request_id: 'a' }))).toMatchObject({ path: '', requestId: '' });
  });

  it('takes some 60 bytes', () => {
    const many = (count: number): number =>
      piecesOf(
        ...Array.from({ length: count }, (_, i) => line({ status: '503', request_uri: `${LDEV}${i}` })),
      )[0]!.steps.length;
    expect((many(1100) - many(100)) / 1000).toBeLessThan(60);
  });
});

describe('what is skipped is counted by why', () => {
  it.each([
    ['no_time', { msec: '', time: '' }],
    ['no_client', { remote_addr: '' }],
    ['no_path', { request_uri: '' }],
    ['future', { msec: ((RECEIVED_AT + 60_001) / 1000).toFixed(3) }],
  ] as const)('%s', (reason, fields) => {
    const writer = written(Buffer.from(line() + line(fields)));
    expect(Object.entries(writer.skipped).filter(([, count]) => count > 0)).toEqual([[reason, 1]]);
    expect(writer.pieces().map(({ requests }) => requests)).toEqual([1]);
  });

  it('clocks may differ by a minute, and a user is a caller, too', () => {
    const soon = line({ msec: ((RECEIVED_AT + 60_000) / 1000).toFixed(3) });
    const user = line({ remote_addr: undefined, remote_user: 'jane' });
    expect(piecesOf(soon, user).reduce((sum, { requests }) => sum + requests, 0)).toBe(2);
  });

  it('a log with another day in each line opens a bounded number of pieces', () => {
    const lines = Array.from({ length: 1500 }, (_, day) =>
      line({ msec: String(RECEIVED_AT / 1000 - 86_400 * day) }),
    );
    const writer = written(Buffer.from(lines.join('')));
    expect(writer.pieces()).toHaveLength(1000);
    expect(writer.skipped.evicted).toBe(500);
  });
});

describe('the pieces', () => {
  it('are one for each slice of ten seconds in which requests ended, the oldest first', () => {
    const at = (ms: number): string => line({ msec: (ms / 1000).toFixed(3) });
    const begin = RECEIVED_AT - 60_000;
    const pieces = piecesOf(at(begin + 20_000), at(begin), at(begin + 9999), at(begin + 10_000));
    const first = begin / 10_000;
    expect(pieces.map(({ slice, requests }) => [slice, requests])).toEqual([
      [first, 2],
      [first + 1, 1],
      [first + 2, 1],
    ]);
  });

  it('tell of each device what was asked and refused', () => {
    const login = { request_method: 'POST', request_uri: `${CM}/sessions`, status: '503' };
    const [{ glances } = { glances: [] }] = piecesOf(
      line(),
      line({ status: '503', upstream_status: '503', remote_addr: '10.1.0.2' }),
      line({ status: '503', upstream_status: '503', remote_addr: '10.1.0.2' }),
      line({ status: '503', upstream_status: '503', request_uri: `${CM}/storages/886000123456/jobs` }),
      line({ status: '499', upstream_status: '' }),
      line(login),
    );
    expect(glances).toMatchObject([
      { vendor: 'hitachi-opscenter-cm', device: '886000123456', asked: 4, refused: 3, refusedLogins: 0 },
      { vendor: 'hitachi-opscenter-cm', device: '', asked: 1, refused: 1, refusedLogins: 1 },
    ]);
    const [{ refusedCallers, askedRoutes, refusedRoutes } = glances[1]!] = glances;
    expect([refusedCallers, askedRoutes, refusedRoutes].map(({ length }) => length)).toEqual([2, 2, 2]);
    expect(new Set(refusedRoutes)).toEqual(new Set(askedRoutes));
  });

  it('tell a thousand devices apart, and give the name of any other in its note', () => {
    const lines = Array.from({ length: 1200 }, (_, i) => line({ status: '503', device: `array-${i}` }));
    const [piece] = piecesOf(...lines);
    expect(piece!.glances).toHaveLength(1025);
    expect(piece!.glances.find(({ device }) => device === 'other')).toMatchObject({ asked: 176 });
    const devices = stepsOf(piece!).map((step) => (step as NotedStep).device);
    expect(new Set(devices).size).toBe(1200);
  });

  it('call a device other whose name could be no label', () => {
    expect(notedStep(line({ status: '503', device: 'a b|c' })).device).toBe('other');
  });
});

describe('whatever a line holds', () => {
  const texts = fc.oneof(
    fc.constantFrom(
      '',
      '-',
      '/',
      '?',
      '%',
      '%2',
      '#',
      '://',
      'http://',
      '//',
      '..',
      '\u0000',
      '[',
      ':',
      '{}',
    ),
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.integer().map(String),
  );
  const values = fc.oneof(
    texts,
    texts.map((text) => text.repeat(100)),
    fc.double(),
    fc.constant(null),
  );
  const names = fc.constantFrom(
    ...[
      'msec',
      'remote_addr',
      'host',
      'request_method',
      'request_uri',
      'status',
      'request_time',
      'completion',
    ],
    ...['request_length', 'idempotency_key', 'attempt', 'location', 'request_id', 'remote_user', 'device'],
    ...['retry_after', 'upstream_status', 'http_user_agent', 'model', 'error_code'],
  );

  function all(body: Buffer): { pieces: Piece[]; judged: number; skipped: number } {
    const writer = written(body);
    const skipped = Object.values(writer.skipped).reduce((sum, count) => sum + count, 0);
    return { pieces: writer.pieces(), judged: judgedLines(body), skipped };
  }

  it('is written and read back, or skipped', () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(names, values, { maxKeys: 4 }), { maxLength: 5 }), (lines) => {
        const body = Buffer.from(lines.map((fields) => line({ status: '503', ...fields })).join(''));
        const { pieces, judged, skipped } = all(body);
        const steps = pieces.reduce((sum, piece) => sum + stepsOf(piece).length, 0);
        expect(steps).toBe(pieces.reduce((sum, { requests }) => sum + requests, 0));
        expect(steps + skipped).toBe(judged);
      }),
    );
  });
});
