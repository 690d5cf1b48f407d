const HOUR_MS = 3_600_000;

/** Lines by hour (of the epoch) and kind: a status, `rejected` or `ignored`. */
export type LinesByHour = ReadonlyMap<number, ReadonlyMap<string, number>>;

/** From the first moment to before the last, epoch milliseconds. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

export const hourOf = (timeMs: number): number => Math.floor(timeMs / HOUR_MS);

export const startOf = (hour: number): number => hour * HOUR_MS;

/** Such as `2026-11-21 07:00`, UTC. */
export const minuteText = (timeMs: number): string =>
  new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ');

/** All hours added up. */
export function totalOf(lines: LinesByHour): Map<string, number> {
  const total = new Map<string, number>();
  for (const kinds of lines.values())
    for (const [kind, count] of kinds) total.set(kind, (total.get(kind) ?? 0) + count);
  return total;
}
