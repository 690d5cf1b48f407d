/**
 * What is known of one request besides its status, as JSON. Every key is three-valued:
 * a value = logged and present; `null` or `false` = logged and absent; a missing key = not logged.
 */
export interface Context {
  readonly method?: string | null;
  /** Path and query as requested; the query may hold the Timeout parameter. */
  readonly path?: string | null;
  readonly model?: string | null;
  readonly content_type?: string | null;
  /** Seconds, as sent by the upstream; `true` when present with an unreadable value. */
  readonly retry_after?: number | boolean | null;
  readonly timeout_param?: boolean | null;
  readonly if_match?: boolean | string | null;
  readonly if_none_match?: boolean | string | null;
  readonly body_bytes?: number | null;
  /** Whether the whole response reached the client. */
  readonly complete?: boolean | null;
  readonly error_code?: string | null;
  /** Number of members in `partialSuccessResponses`. */
  readonly partialSuccessResponses?: number | null;
  readonly results?: { readonly success: number; readonly failed: number } | null;
  /** Number of results a query returned; zero is no failure with any of the vendors. */
  readonly result_count?: number | null;
  /** The job whose affected resource this request reads. */
  readonly after_job?: { readonly method: string; readonly state: string } | null;
}

/** Kleene's three values: does a condition hold, given what was logged? */
export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
export type Truth = typeof FALSE | typeof TRUE | typeof UNKNOWN;

export const truth = (holds: boolean): Truth => (holds ? TRUE : FALSE);

export const not = (value: Truth): Truth => (value === UNKNOWN ? UNKNOWN : value === TRUE ? FALSE : TRUE);

/** A conjunction is false as soon as one part is, whatever the unknown parts are. */
export function and(a: Truth, b: Truth): Truth {
  if (a === FALSE || b === FALSE) return FALSE;
  return a === UNKNOWN || b === UNKNOWN ? UNKNOWN : TRUE;
}
