import type { Truth } from './context.js';
import type { Condition } from './conditions.js';
import { decide, type Outcome, type StatusReading } from './status-reading.js';

/** 3^8 = 6,561 cells for one status: far more than any document has needed. */
export const MAX_CONDITIONS = 8;

/**
 * A status as a table: every combination of its conditions, decided beforehand. The cell of a combination is
 * the sum of `truth * 3^i` over the conditions, i being the place in `conditions`.
 */
export interface StatusTable {
  readonly conditions: readonly Condition[];
  readonly cells: readonly { readonly outcome: Outcome; readonly conditional: boolean }[];
}

/** Decides a reading for every combination of what may be known. Empty `cells` if there are too many. */
export function compileStatus(reading: StatusReading): StatusTable {
  if (reading.exceptions.length === 0)
    return { conditions: [], cells: [{ outcome: reading.outcome, conditional: false }] };
  const { conditions, placeOf } = conditionsOf(reading);
  if (conditions.length > MAX_CONDITIONS) return { conditions, cells: [] };
  const truthAt = (cell: number, condition: Condition): Truth =>
    (Math.floor(cell / 3 ** placeOf.get(condition)!) % 3) as Truth;
  const cells = Array.from({ length: 3 ** conditions.length }, (_, cell) =>
    decide(reading, (condition) => truthAt(cell, condition)),
  );
  return { conditions, cells };
}

/** The conditions that differ in what they say, and which of them each condition of the reading is. */
function conditionsOf({ exceptions }: StatusReading) {
  const places = new Map<string, number>();
  const placeOf = new Map<Condition, number>();
  const conditions: Condition[] = [];
  for (const { literals } of exceptions)
    for (const { condition } of literals) {
      const key = JSON.stringify(condition);
      if (!places.has(key)) {
        places.set(key, conditions.length);
        conditions.push(condition);
      }
      placeOf.set(condition, places.get(key)!);
    }
  return { conditions, placeOf };
}
