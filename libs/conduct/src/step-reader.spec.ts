import fc from 'fast-check';
import { RECEIVED_AT, written } from '../../../test/harness/written-pieces.js';
import { pieceTotals, stepsInOrder } from './step-reader.js';
import type { Step } from './step.js';
import type { Piece } from './step-writer.js';

const BEGIN = RECEIVED_AT - 60_000;
const CM = '/ConfigurationManager/v1/objects';

/** Few of each, so that many lines have the same time, operation, or all of it. */
const anyLine = fc
  .record({
    endMs: fc.oneof(fc.integer({ min: 0, max: 30_000 }), fc.constantFrom(0, 5000, 5001)),
    took: fc.constantFrom('0', '0.002', '12'),
    client: fc.constantFrom('10.1.0.1', '10.1.0.2'),
    method: fc.constantFrom('GET', 'POST'),
    path: fc.constantFrom(`${CM}/sessions`, `${CM}/jobs/7`, '/v2/p/instances/i1', `${CM}/storages/8/ldevs/1`),
    status: fc.constantFrom('200', '202', '401', '503'),
    wait: fc.constantFrom('', '1', '3600'),
    id: fc.constantFrom('', 'a', 'b'),
    attempt: fc.constantFrom('', '1', '2'),
  })
  .map(
    ({ endMs, took, client, method, path, status, wait, id, attempt }) =>
      `${JSON.stringify({
        msec: ((BEGIN + endMs) / 1000).toFixed(3),
        remote_addr: client,
        request_method: method,
        request_uri: path,
        status,
        request_time: took,
        retry_after: wait,
        request_id: id,
        attempt,
      })}\n`,
  );

const piecesOf = (lines: readonly string[]): Piece[] => written(Buffer.from(lines.join(''))).pieces();

/** Slice by slice, everything that is told of each request. */
function told(pieces: readonly Piece[]): string[][] {
  const slices = [...new Set(pieces.map(({ slice }) => slice))].sort((a, b) => a - b);
  return slices.map((slice) =>
    Array.from(stepsInOrder(ofSlice(pieces, slice)), (step) => JSON.stringify(step)),
  );
}

const ofSlice = (pieces: readonly Piece[], slice: number): Uint8Array[] =>
  pieces.filter((piece) => piece.slice === slice).map(({ steps }) => steps);

describe('the order of steps', () => {
  it('is the same however the lines come, in however many batches', () => {
    const anySplit = fc.array(anyLine, { minLength: 1, maxLength: 60 }).chain((lines) =>
      fc.record({
        lines: fc.constant(lines),
        moved: fc.shuffledSubarray(lines, { minLength: lines.length }),
        batches: fc.array(fc.nat(4), { minLength: lines.length, maxLength: lines.length }),
      }),
    );
    fc.assert(
      fc.property(anySplit, ({ lines, moved, batches }) => {
        const split = [0, 1, 2, 3, 4].flatMap((batch) =>
          piecesOf(moved.filter((_, i) => batches[i] === batch)),
        );
        expect(told(split)).toEqual(told(piecesOf(lines)));
        expect(told(split.reverse())).toEqual(told(piecesOf(lines)));
      }),
    );
  });

  it('is that of their ends', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 60 }), (lines) => {
        const pieces = piecesOf(lines);
        const ends = pieces.flatMap(({ steps }) => Array.from(stepsInOrder([steps]), ({ endMs }) => endMs));
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
        expect(ends.length).toBe(lines.length);
        expect(ends).toEqual(
          lines
            .map((line) => Math.round(Number(/"msec":"([\d.]+)/.exec(line)![1]) * 1000))
            .sort((a, b) => a - b),
        );
      }),
    );
  });

  it('of a hundred thousand steps of the same second is found at once', () => {
    const line = `${JSON.stringify({ msec: String(BEGIN / 1000), remote_addr: '10.1.0.1', request_method: 'GET', request_uri: '/x', status: '503', request_time: '0' })}\n`;
    const pieces = piecesOf(Array<string>(20_000).fill(line));
    const five = Array.from({ length: 5 }, () => pieces[0]!.steps);
    const begin = process.cpuUsage();
    let count = 0;
    for (const step of stepsInOrder(five)) count += step.endMs === BEGIN ? 1 : 0;
    expect(count).toBe(100_000);
    expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(5);
  });

  it('has one object for all steps that are not noted', () => {
    const [piece] = piecesOf(
      [0, 1, 2].map(
        (ms) =>
          `${JSON.stringify({ msec: String((BEGIN + ms) / 1000), remote_addr: 'a', request_uri: '/x', request_method: 'GET', status: '200' })}\n`,
      ),
    );
    expect(new Set<Step>(stepsInOrder([piece!.steps])).size).toBe(1);
  });

  it('is empty without pieces, and not found of two slices at once', () => {
    expect([...stepsInOrder([])]).toEqual([]);
    const at = (ms: number): string =>
      `${JSON.stringify({ msec: String((BEGIN + ms) / 1000), remote_addr: 'a', request_uri: '/x', status: '200' })}\n`;
    const [one, other] = piecesOf([at(0), at(10_000)]);
    expect(() => [...stepsInOrder([one!.steps, other!.steps])]).toThrow(
      /steps of slice \d+ beside those of slice \d+/,
    );
  });
});

describe('the totals', () => {
  it('are the requests of each vendor in all pieces', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 40 }), (lines) => {
        const totals = pieceTotals(piecesOf(lines).map(({ steps }) => steps));
        const sum = [...totals.values()].reduce((all, count) => all + count, 0);
        expect(sum).toBe(lines.length);
        expect(totals.get('unknown') ?? 0).toBe(lines.filter((line) => line.includes('/v2/p/')).length);
      }),
    );
  });
});

describe('a piece that is', () => {
  const [{ steps }] = piecesOf(fc.sample(anyLine, { numRuns: 30, seed: 7 })) as [Piece];
  const read = (bytes: Uint8Array): void => {
    pieceTotals([bytes]);
    for (const step of stepsInOrder([bytes])) void step;
  };

  it('of another version is not read', () => {
    const newer = Uint8Array.from(steps);
    newer[0] = 3;
    for (const look of [pieceTotals, (pieces: Uint8Array[]) => [...stepsInOrder(pieces)]])
      expect(() => look([newer])).toThrow(
        'steps of version 3, but this program reads version 2: they were written by another release',
      );
  });

  it('cut off anywhere is not read', () => {
    for (let length = 0; length < steps.length; length++)
      expect(() => read(steps.subarray(0, length))).toThrow(/^damaged steps: .* at byte \d+ of \d+$/);
  });

  it('longer than it says is not read', () => {
    expect(() => read(Buffer.concat([steps, Buffer.from('x')]))).toThrow(
      'damaged steps: more steps than it says',
    );
  });

  it('damaged is read as something else or not at all, and takes neither time nor memory', () => {
    fc.assert(
      fc.property(fc.nat(steps.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, bytes) => {
        const damaged = Buffer.from(steps);
        damaged.set(bytes.subarray(0, steps.length - at), at);
        try {
          read(damaged);
        } catch (error) {
          expect((error as Error).message).toMatch(/^(damaged steps|steps of)/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
