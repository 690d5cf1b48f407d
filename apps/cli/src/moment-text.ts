import type { Span } from './hours.js';
import { UsageError } from './io.js';

const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;
const AGE = /^(\d+)(s|m|h|d)$/;
const MILLISECONDS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Milliseconds of a duration such as `5m`; undefined if the text is none, or of no length.
 */
export function durationMs(text: string): number | undefined {
  const [, count, unit] = AGE.exec(text) ?? [];
  const ms = Number(count) * MILLISECONDS[unit as keyof typeof MILLISECONDS];
  return Number.isSafeInteger(ms) && ms > 0 ? ms : undefined;
}

/**
 * A moment as RFC 3339 writes it, of which seconds, zone (then UTC, as all times that are printed) and clock may be
 * missing; or how long ago it was, such as `2h`.
 * @param option that says it, for the error @param now epoch milliseconds
 * @returns epoch milliseconds
 * @throws UsageError
 */
export function momentOf(option: string, text: string, now: number): number {
  const age = durationMs(text);
  const time = age === undefined ? writtenTime(text) : now - age;
  if (time !== undefined && time >= 0) return time;
  throw new UsageError(
    `${option} is "${text}"; it must be a time such as 2026-11-21 or 2026-11-21T07:00:00Z, or 2h for two hours ago`,
  );
}

function writtenTime(text: string): number | undefined {
  const [, clock, , , zone] = TIME.exec(text) ?? [];
  if (!TIME.test(text) || !isDay(text.slice(0, 10))) return undefined;
  const time = Date.parse(clock !== undefined && zone === undefined ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

/** JavaScript takes 31 February for a day of March. */
const isDay = (day: string): boolean => {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
};

/** What `--since` and `--until` ask for. @throws UsageError */
export function spanAsked(
  { since, until }: { readonly since?: string | undefined; readonly until?: string | undefined },
  now: number,
): Partial<Span> {
  return {
    ...(since !== undefined && { since: momentOf('--since', since, now) }),
    ...(until !== undefined && { until: momentOf('--until', until, now) }),
  };
}
