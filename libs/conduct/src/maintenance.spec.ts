import fc from 'fast-check';
import type { Glance } from './glance.js';
import { refusesAll, tellsOfDevice } from './glance.js';
import { suspectedMaintenance } from './maintenance.js';

/** The end of slice 0 is 10 s, of slice 29 five minutes. */
const NOW = 300_000;

/** What four callers asked of a device in a slice, on three routes. */
const glance = (slice: number, known: Partial<Glance> = {}): Glance => ({
  slice,
  vendor: 'acme',
  device: 'array-1',
  asked: 4,
  refused: 4,
  refusedLogins: 0,
  refusedCallers: [1, 2, 3, 4],
  askedRoutes: [1, 2],
  refusedRoutes: [1, 2],
  ...known,
});
const well = (slice: number): Glance => glance(slice, { refused: 0, refusedCallers: [], refusedRoutes: [] });

/** The slices from one to another, both with it. */
const slices = (from: number, to: number, known: Partial<Glance> = {}): Glance[] =>
  Array.from({ length: to - from + 1 }, (_, i) => glance(from + i, known));

const isSuspected = (glances: readonly Glance[], now = NOW): boolean =>
  suspectedMaintenance(glances, { maintenanceCallers: 3 }, now).some((one) => one.isSuspected);

describe('suspectedMaintenance', () => {
  it.each<[string, boolean, Glance[]]>([
    ['everything is refused for a minute', true, [well(20), ...slices(21, 29)]],
    ['everything is refused since it is asked', true, slices(24, 29)],
    ['it lasts for less', false, [well(24), ...slices(25, 29)]],
    ['something was answered in the last minute', false, [...slices(10, 29), well(26)]],
    ['something was answered beside it', false, [...slices(20, 28), glance(29, { asked: 5 })]],
    ['two callers are refused', false, slices(20, 29, { refusedCallers: [1, 2] })],
    [
      'callers come one after the other',
      true,
      slices(20, 29).map((one, i) => ({ ...one, refusedCallers: [i] })),
    ],
    ['callers are refused less and less often', true, [18, 20, 24, 29].map((slice) => glance(slice))],
    ['few requests are refused', false, slices(20, 28, { asked: 1, refused: 1 })],
    [
      'one route of two is refused',
      false,
      [well(10), ...slices(20, 29, { askedRoutes: [1], refusedRoutes: [1] })],
    ],
    [
      'the only route that is asked is refused',
      true,
      slices(20, 29, { askedRoutes: [1], refusedRoutes: [1] }),
    ],
    [
      'only logins are refused, for which there is another reason',
      false,
      slices(20, 29, { askedRoutes: [1], refusedRoutes: [1], refusedLogins: 4 }),
    ],
    ['logins are refused like the rest', true, slices(20, 29, { refusedLogins: 2 })],
    ['nothing was asked for minutes', false, slices(-20, -1)],
    ['nothing was asked for a minute', true, slices(10, 22)],
    ['a clock is wrong by a year', false, slices(3_000_000, 3_000_009)],
    ['a clock is a little ahead', true, slices(25, 32)],
    ['nothing was refused', false, [well(20), well(29)]],
    ['nothing was asked', false, []],
  ])('judges that %s: %s', (_, expected, glances) => {
    expect(isSuspected(glances)).toBe(expected);
  });

  it('tells of each device that was asked, in order', () => {
    const glances = [
      ...slices(20, 29, { device: 'array-2' }),
      ...slices(20, 29, { vendor: 'other', device: '' }),
      ...slices(20, 29).map((one) => ({ ...one, refused: 0 })),
    ];
    expect(suspectedMaintenance(glances, { maintenanceCallers: 3 }, NOW)).toEqual([
      { vendor: 'acme', device: 'array-1', isSuspected: false },
      { vendor: 'acme', device: 'array-2', isSuspected: true },
      { vendor: 'other', device: '', isSuspected: true },
    ]);
  });

  it('ends when something goes well, however long it lasted', () => {
    expect(isSuspected(slices(0, 29))).toBe(true);
    expect(isSuspected([...slices(0, 29), well(29)])).toBe(false);
  });

  it('does not depend on the order of glances, nor on how many batches they come from', () => {
    const any = fc.record({
      slice: fc.integer({ min: 15, max: 29 }),
      device: fc.constantFrom('array-1', 'array-2'),
      parts: fc.integer({ min: 1, max: 4 }),
      isWell: fc.integer({ min: 0, max: 30 }).map((one) => one === 0),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), (drawn) => {
        const whole = drawn.map(({ slice, device, isWell }) => ({
          ...(isWell ? well(slice) : glance(slice)),
          device,
        }));
        const parts = whole.flatMap((one, i) =>
          Array.from({ length: drawn[i]!.parts }, (_, part) => ({
            ...one,
            asked: part === 0 ? one.asked - drawn[i]!.parts + 1 : 1,
            refused: one.refused === 0 ? 0 : part === 0 ? one.refused - drawn[i]!.parts + 1 : 1,
          })),
        );
        const judged = suspectedMaintenance(whole, { maintenanceCallers: 3 }, NOW);
        expect(suspectedMaintenance(parts.reverse(), { maintenanceCallers: 3 }, NOW)).toEqual(judged);
      }),
    );
  });

  it('judges 100,000 glances of a device', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => glance(i % 30));
    expect(isSuspected(many)).toBe(true);
  });
});

describe('a glance', () => {
  it.each([
    ['vendor', 'busy', 503, true, true],
    ['unknown', 'busy', 503, true, true],
    ['gateway', 'upstream_unreachable', 503, true, false],
    ['gateway', 'throttled', 503, false, false],
    ['gateway', 'gateway_rejected', 413, false, false],
    ['gateway', 'client_closed', 499, false, false],
    ['vendor', 'success', 200, true, false],
    ['vendor', 'invalid_request', 503, true, true],
  ] as const)('made by %s: %s (%d) tells of the device: %s, as one that refuses all: %s', (...row) => {
    const [origin, reason, code, tells, refuses] = row;
    expect(tellsOfDevice({ origin, reason })).toBe(tells);
    expect(refusesAll(code, { origin, reason })).toBe(refuses);
  });
});
