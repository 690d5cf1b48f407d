/**
 * Counters that Prometheus is shown never go down. A ledger does: restored from a backup, taken over from a replica that
 * lags, flushed. The floor is what was shown last; it knows nothing of files, Redis or the names of metrics.
 */

export type Counters = ReadonlyMap<string, number>;

/** A ledger at one moment. */
export interface LedgerView {
  /** When it was begun, and the moment itself, by the same clock. Two ledgers that began apart are two ledgers. */
  readonly began: number;
  readonly at: number;
  /** Grows with every addition; 0 for an empty ledger. */
  readonly revision: number;
  /** Numbers that only grow. */
  readonly counters: Counters;
  /** Batches of the queue that have come to an end, and those that wait for theirs. */
  readonly ended: number;
  readonly queued: number;
}

/** What was shown last, and how it follows from the ledger. */
export interface Floor extends Pick<LedgerView, 'began' | 'at' | 'revision'> {
  /** How often the ledger was found to have lost time. */
  readonly regressions: number;
  readonly shown: Counters;
  /** What the ledger has lost for good: shown = ledger + offset. */
  readonly offsets: Counters;
  /** While batches are counted again that were counted before the ledger went back. */
  readonly recovery: Recovery | undefined;
}

interface Recovery {
  /** Batches that had ended when it began, and how many had to end until it is over. */
  readonly endedBefore: number;
  readonly backlog: number;
}

/** What the floor must know of the names of counters. */
export interface FloorRules {
  /** Counters of one group, such as the buckets of a histogram, are held together. */
  readonly groupOf: (field: string) => string;
  /** Raises offsets until they obey the laws between counters. */
  readonly balanced: (offsets: Counters) => Counters;
}

/** @param floor undefined if nothing was shown yet: then the ledger is shown as it is */
export function nextFloor(floor: Floor | undefined, view: LedgerView, rules: FloorRules): Floor {
  if (!floor || floor.shown.size === 0)
    return at(view, {
      regressions: floor?.regressions ?? 0,
      shown: new Map(view.counters),
      offsets: new Map(),
    });
  const recovery: Recovery = { endedBefore: view.ended, backlog: view.queued };
  switch (changeOf(floor, view)) {
    case 'counted on':
      return settled(floor, view, rules);
    case 'begun anew':
      return settled(
        { ...regressed(floor), offsets: rules.balanced(floor.shown), recovery: undefined },
        view,
        rules,
      );
    case 'another':
      return settled({ ...regressed(floor), offsets: ceilings(floor, view), recovery }, view, rules);
    case 'went back':
      return settled({ ...regressed(floor), recovery }, view, rules);
  }
}

type Change = 'counted on' | 'begun anew' | 'another' | 'went back';

function changeOf(floor: Floor, view: LedgerView): Change {
  const { began, revision } = view;
  if (revision === 0 && floor.revision > 0) return 'begun anew';
  // an empty ledger has not begun yet
  const isOurs = floor.revision === 0 ? revision === 0 || began >= floor.at : began === floor.began;
  if (isOurs) return hasLess(floor, view) ? 'went back' : 'counted on';
  return floor.revision > 0 && began >= floor.at ? 'begun anew' : 'another';
}

function hasLess({ revision, shown, offsets, recovery }: Floor, view: LedgerView): boolean {
  if (view.revision < revision) return true;
  if (recovery) return false; // then less than what was shown is nothing new
  for (const [field, value] of shown) if (value > raw(field, view.counters, offsets)) return true;
  return false;
}

/** A ledger that comes back after an empty one was seen belongs to the same loss. */
const regressed = (floor: Floor): Floor => ({
  ...floor,
  regressions: floor.regressions + (floor.revision === 0 ? 0 : 1),
});

/** What another ledger counted before it was seen here was never ours to show. */
function ceilings({ shown }: Floor, { counters }: LedgerView): Counters {
  const offsets = new Map<string, number>();
  for (const [field, value] of counters) {
    const room = (shown.get(field) ?? 0) - value;
    if (room < 0) offsets.set(field, room);
  }
  return offsets;
}

/** Shows what the ledger and the offsets give, but never less than before. */
function settled(floor: Floor, view: LedgerView, rules: FloorRules): Floor {
  const { regressions, offsets, recovery } = floor;
  if (!recovery) return at(view, { regressions, shown: sum(view.counters, offsets), offsets });
  const behind = groupsBehind(floor, view, rules);
  if (!isOver(recovery, view))
    return at(view, { regressions, shown: held(floor, view, behind, rules), offsets, recovery });
  const closed = rules.balanced(gapsClosed(floor, view, behind, rules));
  return at(view, { regressions, shown: sum(view.counters, closed), offsets: closed });
}

const isOver = ({ endedBefore, backlog }: Recovery, { ended, queued }: LedgerView): boolean =>
  queued === 0 || ended - endedBefore >= backlog;

/** Groups with a counter that would go down. */
function groupsBehind({ shown, offsets }: Floor, { counters }: LedgerView, rules: FloorRules): Set<string> {
  const behind = new Set<string>();
  for (const [field, value] of shown)
    if (value > raw(field, counters, offsets)) behind.add(rules.groupOf(field));
  return behind;
}

function held(
  { shown, offsets }: Floor,
  { counters }: LedgerView,
  behind: ReadonlySet<string>,
  { groupOf }: FloorRules,
): Counters {
  const next = new Map<string, number>();
  for (const field of fieldsOf(shown, counters, offsets))
    next.set(field, behind.has(groupOf(field)) ? (shown.get(field) ?? 0) : raw(field, counters, offsets));
  return next;
}

/** Offsets with which groups that are behind are shown as they were. */
function gapsClosed(
  { shown, offsets }: Floor,
  { counters }: LedgerView,
  behind: ReadonlySet<string>,
  { groupOf }: FloorRules,
): Counters {
  const closed = new Map(offsets);
  for (const field of fieldsOf(shown, counters))
    if (behind.has(groupOf(field))) closed.set(field, (shown.get(field) ?? 0) - (counters.get(field) ?? 0));
  return closed;
}

function sum(counters: Counters, offsets: Counters): Counters {
  const total = new Map(counters);
  for (const [field, offset] of offsets) total.set(field, offset + (counters.get(field) ?? 0));
  return total;
}

const raw = (field: string, counters: Counters, offsets: Counters): number =>
  (counters.get(field) ?? 0) + (offsets.get(field) ?? 0);

const fieldsOf = (...maps: readonly Counters[]): Set<string> =>
  new Set(maps.flatMap((map) => [...map.keys()]));

const at = (
  { began, at, revision }: LedgerView,
  rest: Pick<Floor, 'regressions' | 'shown' | 'offsets'> & { readonly recovery?: Recovery },
): Floor => ({ began, at, revision, recovery: undefined, ...rest });
