import { sliceOf } from '#conduct';
import { gatewayLine, type LoggedRequest } from '../../../test/harness/gateway-line.js';
import { BEGIN, POLICY } from '../../../test/harness/steps.js';
import { written } from '../../../test/harness/written-pieces.js';
import { judgeSlices, type Judged, type SliceOfPieces } from './judge-slices.js';

const SOURCE = 's';

/** The steps of a batch of one slice of time. */
function pieceOf(...requests: LoggedRequest[]): Buffer {
  const [piece, ...others] = written(Buffer.from(requests.map(gatewayLine).join(''))).pieces();
  expect(others).toEqual([]);
  return Buffer.from(piece!.steps);
}

const first = sliceOf(BEGIN);
const failure = pieceOf({ at: BEGIN, code: 503 });
const retry = pieceOf({ at: BEGIN + 10_000, code: 200 });
const sliceWith = (slice: number, requests: number, ...pieces: Buffer[]): SliceOfPieces => ({
  slice,
  requests,
  pieces,
});
const judged = (saved: Buffer | undefined, ...slices: SliceOfPieces[]) =>
  judgeSlices(SOURCE, POLICY, saved, slices);
const sumOf = ({ findings }: Judged, metric: string): number =>
  findings
    .flatMap(({ additions }) => additions)
    .reduce((sum, [field, amount]) => (field.startsWith(`${metric}|`) ? sum + amount : sum), 0);

describe('slices are judged', () => {
  it('one after the other, also by another worker', () => {
    const both = judged(undefined, sliceWith(first, 1, failure), sliceWith(first + 1, 1, retry));
    const before = judged(undefined, sliceWith(first, 1, failure));
    const then = judged(before.state, sliceWith(first + 1, 1, retry));
    for (const [last, retries] of [
      [both, 1],
      [then, 1],
      [before, 0],
    ] as const)
      expect([sumOf(last, 'retries'), last.unreadable, last.faults, last.isAnew]).toEqual([
        retries,
        0,
        [],
        false,
      ]);
    expect(then.state.equals(both.state)).toBe(true);
  });

  it.each([
    ['cut short', retry.subarray(0, -3)],
    ['of a newer version', Buffer.concat([Buffer.of(0x7f), retry.subarray(1)])],
    ['empty', Buffer.alloc(0)],
    ['of something else', Buffer.from('of something else')],
  ])('without a piece that is %s, which is counted', (_, damaged) => {
    const before = judged(undefined, sliceWith(first, 1, failure));
    const result = judged(before.state, sliceWith(first + 1, 3, damaged, retry));
    expect([sumOf(result, 'retries'), result.unreadable, result.isAnew]).toEqual([1, 2, false]);
    expect(result.faults).toHaveLength(1);
  });

  it.each([
    'not JSON',
    '{"version":3}',
    '{"version":3}\n{"tracker":"retries","lengths":[2,0]}\n[[]]\n',
    '{"version":3}\n{"tracker":"retries","lengths":[2,0]}\n[["code"],null]\n',
    '{"version":3}\n{"tracker":"retries","lengths":[2,0]}\n5\n',
    '{"version":3}\n{"tracker":"retries"}\n',
    '[]\n',
    'null\n',
    '{"version":99}\n',
  ])('from the beginning, where the state is %s, which is counted', (saved) => {
    const both = [sliceWith(first, 1, failure), sliceWith(first + 1, 1, retry)];
    const result = judged(Buffer.from(saved), ...both);
    expect([sumOf(result, 'retries'), result.unreadable, result.isAnew]).toEqual([1, 0, true]);
    expect(judged(undefined, ...both).state.equals(result.state)).toBe(true);
  });

  it('and what is missing of them is counted', () => {
    expect(judged(undefined, sliceWith(first, 7, failure)).unreadable).toBe(6);
  });
});
