import { Request } from '#access-log';
import type { Counts } from '#verdict';
import { Review, type Look } from './review.js';

const T = Date.parse('2026-11-21T07:00:00Z');

class Counted implements Counts {
  readonly times: number[] = [];
  others = 0;
  classify(_: number, { timeMs }: Request): void {
    this.times.push(timeMs);
  }
  ignore(): void {
    this.others++;
  }
  pass(): void {
    this.others++;
  }
}

function at(timeMs: number): Request {
  const request = new Request();
  request.timeMs = timeMs;
  return request;
}

it('lets through what is from --since on and before --until, and tells the rest apart', () => {
  const counted = new Counted();
  const seen: number[] = [];
  const span = { since: T, until: T + 10 };
  const review = new Review([counted], [(_, { timeMs }) => seen.push(timeMs)], undefined, span);
  const file = review.newFile();
  for (const time of [T - 1, T, T + 9, T + 10, -2]) file.classify(0, at(time));
  file.ignore();
  expect(counted.times).toEqual([T, T + 9]);
  expect(seen).toEqual(counted.times);
  expect(review).toMatchObject({ outside: 2, untimed: 1, firstMs: T, lastMs: T + 9 });
  expect(counted.others).toBe(1);
});

it('shows requests without a status to whoever follows callers, and to nobody else', () => {
  const [counted, seen, silent] = [new Counted(), [] as number[], [] as number[]];
  const look =
    (times: number[]): Look =>
    (_, { timeMs }) =>
      times.push(timeMs);
  const file = new Review([counted], [look(seen)], look(silent), { since: T }).newFile();
  for (const time of [T - 1, T, -2]) file.unanswered(0, at(time));
  expect([counted.times, seen, silent]).toEqual([[], [], [T]]);
});

it('counts requests without a time where no span is asked for', () => {
  const counted = new Counted();
  const review = new Review([counted], [], undefined, {});
  review.newFile().classify(0, at(-2));
  expect([counted.times.length, review.untimed, review.outside]).toEqual([1, 1, 0]);
});

it('has read all files until the time of the one that is furthest behind', () => {
  const review = new Review([new Counted()], [], undefined, {});
  const [one, two] = [review.newFile(), review.newFile()];
  one.classify(0, at(T + 5));
  one.endPiece();
  expect(review.reachedMs).toBe(-Infinity);
  two.classify(0, at(T + 2));
  two.classify(0, at(Date.parse('2099-01-01')));
  two.endPiece();
  expect(review.reachedMs).toBe(T + 2);
  two.endPiece();
  expect(review.reachedMs).toBe(T + 2);
  two.endFile();
  expect(review.reachedMs).toBe(T + 5);
  one.endFile();
  expect(review.reachedMs).toBe(Infinity);
});
