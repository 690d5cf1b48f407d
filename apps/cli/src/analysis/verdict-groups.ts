import { VERDICTS } from '#catalogue';
import { WENT_WELL } from '#verdict';

/** What tells groups apart; a number where it can be one, since most lines make no text then. */
export type GroupKey = string | number;

/** Requests by verdict, in the order of VERDICTS. */
export type VerdictCounts = readonly number[];

/** Requests of one group. */
export interface Group {
  readonly key: GroupKey;
  readonly counts: VerdictCounts;
}

/** The groups that are shown, and the sum of all others. */
export interface Ranking {
  readonly shown: readonly Group[];
  readonly others: { readonly groups: number; readonly counts: VerdictCounts } | undefined;
  /** Requests of groups that came when no more could be told apart; they are part of `others`. */
  readonly beyond: number;
}

/** So many groups are told apart; some 150 bytes each. */
export const MOST_GROUPS = 50_000;

const WIDTH = VERDICTS.length;
const OK = VERDICTS.map((verdict) => (WENT_WELL as readonly string[]).includes(verdict));

export const requestsIn = (counts: VerdictCounts): number => counts.reduce((sum, count) => sum + count, 0);

/** Requests that did not do what they were sent for. */
export const notOkIn = (counts: VerdictCounts): number =>
  counts.reduce((sum, count, verdict) => (OK[verdict] ? sum : sum + count), 0);

/** Counts requests by group and verdict, of a bounded number of groups: those that come later are one more. */
export class VerdictGroups {
  private readonly places = new Map<GroupKey, number>();
  private counts = new Float64Array(64 * WIDTH);
  private readonly rest = new Float64Array(WIDTH);

  constructor(private readonly most = MOST_GROUPS) {}

  /** @param verdict index of VERDICTS */
  add(key: GroupKey, verdict: number): void {
    const place = this.places.get(key) ?? this.placeFor(key);
    if (place < 0) this.rest[verdict]!++;
    else this.counts[place + verdict]!++;
  }

  /** Those with most requests that are not ok, then with most requests. */
  worst(most: number): Ranking {
    return this.ranking(most, (a, b) => byNotOk(a, b) || byKey(a, b));
  }

  /** The same groups in the order of their keys, which are numbers: those of time. */
  worstInOrder(most: number): Ranking {
    const ranking = this.worst(most);
    return { ...ranking, shown: [...ranking.shown].sort(byKey) };
  }

  private ranking(most: number, order: (a: Group, b: Group) => number): Ranking {
    const groups = [...this.places].map(([key, place]) => ({
      key,
      counts: [...this.counts.subarray(place, place + WIDTH)],
    }));
    groups.sort(order);
    const hidden = groups.slice(most);
    const rest = [...this.rest];
    const beyond = requestsIn(rest);
    const counts = hidden.reduce((sum, group) => sum.map((count, i) => count + group.counts[i]!), rest);
    return {
      shown: groups.slice(0, most),
      others: requestsIn(counts) > 0 ? { groups: hidden.length, counts } : undefined,
      beyond,
    };
  }

  /** @returns a negative number if there is no place */
  private placeFor(key: GroupKey): number {
    if (this.places.size >= this.most) return -1;
    const place = this.places.size * WIDTH;
    this.places.set(key, place);
    if (place === this.counts.length) {
      const larger = new Float64Array(2 * place);
      larger.set(this.counts);
      this.counts = larger;
    }
    return place;
  }
}

const byNotOk = (a: Group, b: Group): number =>
  notOkIn(b.counts) - notOkIn(a.counts) || requestsIn(b.counts) - requestsIn(a.counts);

const byKey = ({ key: a }: Group, { key: b }: Group): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1;
