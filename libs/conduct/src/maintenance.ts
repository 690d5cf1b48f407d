import { GLANCE_KEPT_MS, type Glance } from './glance.js';
import { endOfSlice, SLICE_MS } from './slice.js';
import type { ConductPolicy } from './tracker.js';

/** A device that was asked for something of late, and whether it seems to be under maintenance. */
export interface GlancedDevice {
  readonly vendor: string;
  readonly device: string;
  readonly isSuspected: boolean;
}

/** Nothing but refusals for so long; a restart is shorter. */
const REFUSES_FOR_MS = 60_000;
/** Fewer refusals tell nothing. */
const FEWEST_REFUSED = 10;
/** Gateways may be ahead of the clock here by as much; what is later is a mistake and would never end. */
const MOST_AHEAD_MS = 60_000;

/**
 * Which devices refuse everything with 503, as one under maintenance does: for a minute at least nothing else was
 * answered; and since something else was, within the last five minutes, at least ten requests were refused, of enough
 * callers, on two routes or on all that were asked for, and not only logins, which a limit of sessions refuses as well.
 * It is over when something else is answered, and when nothing was asked for some minutes. The time is that of the log,
 * so a sender that is late makes it late, not wrong.
 * @param glances in any order, several of the same slice and device beside each other
 * @param now epoch milliseconds
 * @returns every device of which a glance is not too old, in the order of vendor and device; no other is suspected
 */
export function suspectedMaintenance(
  glances: Iterable<Glance>,
  policy: Pick<ConductPolicy, 'maintenanceCallers'>,
  now: number,
): GlancedDevice[] {
  const devices = new Map<string, Glance[]>();
  for (const glance of glances) {
    const end = endOfSlice(glance.slice);
    if (end <= now - GLANCE_KEPT_MS || end > now + SLICE_MS + MOST_AHEAD_MS) continue;
    const key = `${glance.vendor}|${glance.device}`;
    const known = devices.get(key);
    if (known === undefined) devices.set(key, [glance]);
    else known.push(glance);
  }
  return [...devices]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, ofDevice]) => ({
      vendor: ofDevice[0]!.vendor,
      device: ofDevice[0]!.device,
      isSuspected: refusesEverything(ofDevice, policy.maintenanceCallers),
    }));
}

/** @param glances of one device */
function refusesEverything(glances: readonly Glance[], fewestCallers: number): boolean {
  const lastAnswered = glances
    .filter(({ asked, refused }) => asked > refused)
    .reduce((last, { slice }) => Math.max(last, slice), -Infinity);
  const refusing = glances.filter(({ slice, refused }) => refused > 0 && slice > lastAnswered);
  const routes = distinct(refusing.map(({ refusedRoutes }) => refusedRoutes));
  const refused = sum(refusing.map((glance) => glance.refused));
  return (
    lasting(refusing) >= REFUSES_FOR_MS &&
    refused >= FEWEST_REFUSED &&
    refused > sum(refusing.map(({ refusedLogins }) => refusedLogins)) &&
    distinct(refusing.map(({ refusedCallers }) => refusedCallers)) >= fewestCallers &&
    (routes > 1 || routes === distinct(glances.map(({ askedRoutes }) => askedRoutes)))
  );
}

/** From the begin of the first slice to the end of the last, milliseconds. */
function lasting(glances: readonly Glance[]): number {
  const first = glances.reduce((least, { slice }) => Math.min(least, slice), Infinity);
  const last = glances.reduce((most, { slice }) => Math.max(most, slice), -Infinity);
  return (last - first + 1) * SLICE_MS;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const distinct = (hashes: readonly (readonly number[])[]): number => new Set(hashes.flat()).size;
