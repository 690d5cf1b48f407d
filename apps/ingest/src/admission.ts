/** How much of something bounded is taken, and how much of it by the source that asks. In bytes. */
export interface Load {
  /** From here on nobody is let in. */
  readonly mark: number;
  readonly total: number;
  readonly own: number;
  /** Sources that have taken anything. */
  readonly busy: number;
  /** Sources there are. */
  readonly sources: number;
}

/** Why a source has to wait: nobody is let in, or it has its share already. */
export type Crowding = 'full' | 'over_share';

/**
 * Below half of the mark everybody is let in. Above it, whoever has taken an equal share has to wait, so that one
 * noisy source leaves room for the others. While a source is quiet, a share is kept for it.
 */
export function crowding({ mark, total, own, busy, sources }: Load): Crowding | undefined {
  if (total >= mark) return 'full';
  if (total < mark / 2) return undefined;
  return own >= mark / Math.min(busy + 1, sources) ? 'over_share' : undefined;
}
