import type { Judgement } from '#catalogue';

/**
 * What a batch tells of a device in a slice of time: so little that it can be judged at once, before late lines have
 * come. Plain data, so that JSON holds it; glances of the same slice and device simply lie beside each other.
 */
export interface Glance {
  /** Number of the slice: `sliceOf` the end of each request. */
  readonly slice: number;
  readonly vendor: string;
  /** Empty where neither the log nor the path names one. */
  readonly device: string;
  /** Requests that tell how the device is, see {@link tellsOfDevice}. */
  readonly asked: number;
  /** Those of them that were refused as by a device under maintenance, see {@link refusesAll}. */
  readonly refused: number;
  /** Those of the refused that would have opened a session: a limit of sessions refuses them, too. */
  readonly refusedLogins: number;
  /** Hashes of the callers that were refused, each once, at most {@link MOST_CALLERS} of them. */
  readonly refusedCallers: readonly number[];
  /** Hashes of method and route (the template of the vendor's file, else the path), each once, at most MOST_ROUTES. */
  readonly askedRoutes: readonly number[];
  readonly refusedRoutes: readonly number[];
}

/** Whoever has seen so many need not tell of more: `conduct.maintenance_callers` may not be greater. */
export const MOST_CALLERS = 100;
/** More than one: that is all that is asked of routes. */
export const MOST_ROUTES = 2;

/** How long glances are worth keeping, in milliseconds from the end of their slice. */
export const GLANCE_KEPT_MS = 300_000;

/** What of a judgement a glance needs. */
type Answer = Pick<Judgement, 'origin' | 'reason'>;

/**
 * Whether an answer says anything of the device: not if the caller left, or if the gateway refused it by its own rules
 * without asking. A gateway that got no answer does say something: the device is not under maintenance, it is away.
 */
export const tellsOfDevice = ({ origin, reason }: Answer): boolean =>
  reason !== 'client_closed' &&
  !(origin === 'gateway' && (reason === 'gateway_rejected' || reason === 'throttled'));

/** Whether an answer is one that a device under maintenance gives to everything. */
export const refusesAll = (code: number, { origin }: Answer): boolean => code === 503 && origin !== 'gateway';
