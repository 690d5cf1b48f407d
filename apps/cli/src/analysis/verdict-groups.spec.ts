import fc from 'fast-check';
import { VERDICTS } from '#catalogue';
import { VerdictGroups, notOkIn, requestsIn, type Ranking } from './verdict-groups.js';

const OK = VERDICTS.indexOf('ok');
const BUSY = VERDICTS.indexOf('retryable_busy');

const counted = (groups: VerdictGroups, entries: readonly (readonly [string | number, number])[]) => {
  for (const [key, verdict] of entries) groups.add(key, verdict);
  return groups;
};
const keysOf = ({ shown }: Ranking) => shown.map(({ key }) => key);

it('shows the groups with most requests that are not ok first, then the busier ones, then by name', () => {
  const groups = counted(new VerdictGroups(), [
    ['b', OK],
    ['b', OK],
    ['a', OK],
    ['d', OK],
    ['c', BUSY],
  ]);
  expect(keysOf(groups.worst(9))).toEqual(['c', 'b', 'a', 'd']);
  expect(groups.worst(9).others).toBeUndefined();
});

it('sums up the groups that it does not show', () => {
  const { shown, others } = counted(new VerdictGroups(), [
    ['a', BUSY],
    ['b', OK],
    ['c', OK],
  ]).worst(1);
  expect(shown.map(({ key }) => key)).toEqual(['a']);
  expect(others?.groups).toBe(2);
  expect(requestsIn(others!.counts)).toBe(2);
});

it('shows the worst times in the order of time', () => {
  const groups = counted(new VerdictGroups(), [
    [30, BUSY],
    [10, BUSY],
    [10, BUSY],
    [20, OK],
  ]);
  expect(keysOf(groups.worstInOrder(2))).toEqual([10, 30]);
});

it('counts what comes when no more groups can be told apart, and says how many', () => {
  const ranking = counted(new VerdictGroups(2), [
    ['a', OK],
    ['b', OK],
    ['c', BUSY],
    ['a', OK],
  ]).worst(9);
  expect(keysOf(ranking)).toEqual(['a', 'b']);
  expect(ranking.beyond).toBe(1);
  expect(notOkIn(ranking.others!.counts)).toBe(1);
});

it('loses no request, however many groups there are and are shown', () => {
  const entry = fc.tuple(fc.nat({ max: 300 }), fc.nat({ max: VERDICTS.length - 1 }));
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 500 }),
      fc.nat({ max: 20 }),
      fc.nat({ max: 200 }),
      (entries, top, most) => {
        const { shown, others } = counted(new VerdictGroups(most), entries).worst(top);
        const sum = shown.reduce(
          (all, { counts }) => all + requestsIn(counts),
          requestsIn(others?.counts ?? []),
        );
        expect(sum).toBe(entries.length);
      },
    ),
  );
});
