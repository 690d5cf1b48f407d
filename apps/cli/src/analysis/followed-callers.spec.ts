import { Request } from '#access-log';
import type { Findings } from '#conduct';
import { loadSettings } from '#settings';
import { consumersOf, lensOf } from '#verdict';
import { vendorFacts } from '#conduct';
import { FollowedCallers, type Watcher } from './followed-callers.js';

const T = Date.parse('2026-11-20T07:00:00Z');
const settings = loadSettings('statuslens.yaml', {});
const lens = lensOf(settings.catalogue);
const VENDOR = lens.catalogue.vendorId('huawei-cloud');
const MINUTE = 60_000;

class Watched implements Watcher {
  readonly slices: number[] = [];
  readonly skipped = new Map<string, number>();
  requests = 0;
  repeats = 0;
  onSlice(slice: number, { additions, repeats }: Findings): void {
    this.slices.push(slice);
    for (const [field, amount] of additions) if (field.startsWith('conductRequests')) this.requests += amount;
    this.repeats += repeats.length;
  }
  onSkipped(field: string, requests: number): void {
    const reason = field.split('|').at(-1)!;
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + requests);
  }
}

function follow(watched: Watched): { at(timeMs: number): void; reached(timeMs: number): void; end(): void } {
  const { conduct, catalogue } = settings;
  const followed = new FollowedCallers(
    {
      source: 'test',
      lens,
      consumers: consumersOf([]),
      policy: { ...conduct, ...vendorFacts(catalogue.files) },
      lateAfterMs: 5 * MINUTE,
      now: T + 1e9,
    },
    [watched],
  );
  const request = new Request();
  const [client, path] = [Buffer.from('10.0.0.1'), Buffer.from('/v3/p/volumes')];
  request.code = 400;
  request.method = 0;
  request.client.set(client, 0, client.length);
  request.path.set(path, 0, path.length);
  const cell = lens.judge.cell(VENDOR, request);
  return {
    at(timeMs) {
      request.timeMs = timeMs;
      lens.routes.tree(VENDOR).match(request.path);
      followed.look(cell, request);
    },
    reached: (timeMs) => followed.settle(timeMs),
    end: () => followed.end(),
  };
}

it('judges every slice once, in the order of time, and all of them at the end', () => {
  const watched = new Watched();
  const log = follow(watched);
  for (const second of [50, 0, 20, 5, 70]) log.at(T + second * 1000);
  log.end();
  expect(watched.slices).toEqual([...new Set(watched.slices)].sort((a, b) => a - b));
  expect([watched.requests, watched.repeats]).toEqual([5, 4]);
});

it('follows the requests of a sparse log, however far apart they are', () => {
  const watched = new Watched();
  const log = follow(watched);
  for (let hour = 0; hour < 3000; hour++) {
    log.at(T - hour * 60 * MINUTE);
    log.reached(T - 3000 * 60 * MINUTE);
  }
  log.end();
  expect(watched.requests).toBe(3000);
  expect(watched.skipped.size).toBe(0);
});

it('says how many came too late to be followed, and how many have no time', () => {
  const watched = new Watched();
  const log = follow(watched);
  for (let i = 0; i < 22_000; i++) {
    log.at(T + i * 200);
    log.reached(T + i * 200);
  }
  log.at(T);
  log.at(-2);
  log.end();
  expect(watched.requests).toBe(22_000);
  expect(Object.fromEntries(watched.skipped)).toEqual({ late: 1, no_time: 1 });
});
