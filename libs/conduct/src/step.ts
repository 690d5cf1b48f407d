import type { Reason, Verdict } from '#catalogue';
import type { Disposition } from './disposition.js';

/**
 * One request, as far as the conduct of its caller goes. One that went well, read something and is about neither a job nor
 * a session is nothing but this: an object that is used again for the next one, so whoever remembers it copies. Hashes have 48 bits: a number that JavaScript holds exactly, and
 * so many that among 100,000 open operations one request in 2.8 billion is taken for another.
 */
export interface Step {
  /** Epoch milliseconds. */
  readonly startMs: number;
  /** When it was answered: steps are judged in this order. */
  readonly endMs: number;
  /** Hash of vendor, device, caller, method, normalised path and length: a repeat has the same. */
  readonly operation: number;
  /** Which attempt the caller says it is, 1 the first; or ABSENT or NOT_LOGGED. */
  readonly attempt: number;
}

/** What a request is for, where its route tells. */
export const ROLES = ['other', 'opens_session', 'closes_session', 'reads_job'] as const;
export type Role = (typeof ROLES)[number];

/** A request that more must be known of: it was not ok, it wrote, or it is about a job or a session. */
export interface NotedStep extends Step {
  /** Hash of the caller: its address, user and user agent, as far as they are logged. */
  readonly caller: number;
  /** Hash of vendor, device and normalised path. */
  readonly resource: number;
  readonly vendor: string;
  /** Empty where neither the log nor the path names one. */
  readonly device: string;
  /** As the settings name the caller; empty where they name none. */
  readonly consumer: string;
  readonly method: string;
  readonly isWrite: boolean;
  readonly role: Role;
  /** What the client got; 499 if it ended without a status. */
  readonly code: number;
  readonly verdict: Verdict;
  readonly reason: Reason;
  /** What the document says of sending it again; means something only if it was not ok. */
  readonly disposition: Disposition;
  /** Promised seconds, or ABSENT or NOT_LOGGED. */
  readonly retryAfter: number;
  /** Hash of the job that Location names, or ABSENT (it may name something else) or NOT_LOGGED. */
  readonly location: number;
  /** The operation is an Idempotency-Key of the caller, not an inference. */
  readonly isExact: boolean;
  /** The answer did not reach the caller, as far as the log tells. */
  readonly isCut: boolean;
  /** Of writes; empty where the log has none. */
  readonly requestId: string;
  /** Of writes that were not ok: without its secrets, and cut short. */
  readonly path: string;
}

export const isNoted = (step: Step): step is NotedStep => 'verdict' in step;

/** Verdicts after which nobody has a reason to send a request again. */
const WENT_WELL = new Set<Verdict>(['ok', 'accepted']);
const FIRST_FAILURE = 400;

/** Whether a judgement tells that a request did what it was sent for. Of what no document lists, callers go by the code. */
export const isFine = (verdict: Verdict, code: number): boolean =>
  WENT_WELL.has(verdict) || (verdict === 'undocumented' && code < FIRST_FAILURE);

/** Whether a request did what it was sent for. A step that is not noted did. */
export const wentWell = (step: Step): boolean => !isNoted(step) || isFine(step.verdict, step.code);
