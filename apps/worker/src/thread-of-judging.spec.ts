import { gunzipSync } from 'node:zlib';
import { sliceOf } from '#conduct';
import { gatewayLine } from '../../../test/harness/gateway-line.js';
import { BEGIN, POLICY } from '../../../test/harness/steps.js';
import { written } from '../../../test/harness/written-pieces.js';
import { judgeSlices } from './judge-slices.js';
import type { ToJudge } from './judging-thread.js';
import { ThreadOfJudging } from './thread-of-judging.js';

const lines = [503, 200].map((code, i) => gatewayLine({ at: BEGIN + i * 1000, code }));
const pieces = written(Buffer.from(lines.join('')))
  .pieces()
  .map(({ steps }) => Buffer.from(steps));
const slices = [{ slice: sliceOf(BEGIN), requests: 2, pieces }];
const task: ToJudge = { source: 's', policy: POLICY, state: undefined, slices };

describe('a thread that judges', () => {
  const thread = new ThreadOfJudging();
  afterAll(() => thread.close());

  it('finds what is found without one, and packs what is to be remembered', async () => {
    const { state, ...judged } = judgeSlices('s', POLICY, undefined, slices);
    const { state: packed, ...there } = await thread.judge(task);
    expect(there).toEqual(judged);
    expect(gunzipSync(packed!).equals(state)).toBe(true);
  });

  it('goes on where it was, and says nothing of a state that stays', async () => {
    const { state } = await thread.judge(task);
    const then = await thread.judge({ ...task, state, slices: [] });
    expect([then.faults, then.isAnew, then.state]).toEqual([[], false, undefined]);
  });

  it('begins anew with a state that cannot be unpacked', async () => {
    const { faults, isAnew } = await thread.judge({ ...task, state: Buffer.from('damaged') });
    expect([faults.length > 0, isAnew]).toEqual([true, true]);
  });

  it('has memory for as many operations as are to be remembered', async () => {
    const failures = Array.from({ length: 60_000 }, (_, i) =>
      gatewayLine({ at: BEGIN, code: 503, path: `/v2/p1/instances/${i}` }),
    );
    const [piece] = written(Buffer.from(failures.join(''))).pieces();
    const policy = { ...POLICY, maxOperations: 50_000 };
    const slice = { slice: piece!.slice, requests: piece!.requests, pieces: [Buffer.from(piece!.steps)] };
    const { findings, faults } = await thread.judge({ ...task, policy, slices: [slice] });
    expect(faults).toEqual([]);
    expect(new Map(findings[0]!.additions).get('conductSkipped|s|evicted')).toBe(10_000);
  });

  it('is another one after it has thrown', async () => {
    const impossible = { ...task, slices: [{ ...slices[0], slice: 1n }] } as unknown as ToJudge;
    await expect(thread.judge(impossible)).rejects.toThrow(/leaving out nothing/);
    expect((await thread.judge(task)).faults).toEqual([]);
  });
});
