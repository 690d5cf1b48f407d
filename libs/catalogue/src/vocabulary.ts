/**
 * The words of a judgement. Label values, JSON values and catalogue keys all come from these lists,
 * so a word that is not here cannot reach a metric.
 */

/** What people read first. */
export const VERDICTS = [
  'ok',
  'accepted',
  'partial_success',
  'client_fault',
  'retryable_busy',
  'gateway_timeout',
  'server_fault',
  'undocumented',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Each reason belongs to exactly one verdict; a vendor file states the reason, the verdict follows. */
export const VERDICT_OF_REASON = {
  success: 'ok',
  not_modified: 'ok',
  redirect: 'ok',
  informational: 'ok',
  accepted: 'accepted',
  partial_success: 'partial_success',
  invalid_request: 'client_fault',
  authentication: 'client_fault',
  permission: 'client_fault',
  not_found: 'client_fault',
  conflict: 'client_fault',
  precondition: 'client_fault',
  gateway_rejected: 'client_fault',
  client_closed: 'client_fault',
  busy: 'retryable_busy',
  throttled: 'retryable_busy',
  gateway_timeout: 'gateway_timeout',
  upstream_timeout: 'gateway_timeout',
  server_error: 'server_fault',
  bad_gateway: 'server_fault',
  upstream_unreachable: 'server_fault',
  gateway_error: 'server_fault',
  undocumented: 'undocumented',
} as const satisfies Record<string, Verdict>;
export type Reason = keyof typeof VERDICT_OF_REASON;
export const REASONS = Object.keys(VERDICT_OF_REASON) as [Reason, ...Reason[]];

/** Who must act, with the sentence that says so. One value each, so that Alertmanager can route on it. */
export const RESPONSIBLE = {
  client: 'The caller has to change the request, the credentials or its pace.',
  service: 'The team of the storage service.',
  device: 'The team of the storage device: the API only passes its silence on.',
  gateway: 'The team of the gateway.',
  service_or_device: 'The storage team: the API server or the array.',
  client_or_service: 'The caller if it alone is too fast, else the team of the service.',
  nobody: 'Nobody.',
  unknown: 'Not known: no document speaks of this status.',
} as const;
export type Responsible = keyof typeof RESPONSIBLE;

/** What the caller should do, with the sentence that `explain` and alerts print. */
export const ACTIONS = {
  none: 'Nothing.',
  poll_job: 'Ask the job for its outcome; do not send the request again.',
  follow_location: 'Follow the given location.',
  change_request: 'Change the request; the same one must not be sent again.',
  fix_and_retry: 'Fix the request, the credentials or the state of the resource, then send it.',
  wait_retry_after: 'Wait as long as Retry-After says, then send the same request again.',
  retry_later: 'Send the same request again later.',
  unspecified: 'The document does not say. Do not repeat a write blindly.',
} as const;
export type Action = keyof typeof ACTIONS;

/** What a judgement rests on. */
export const BASES = {
  stated: 'the document says so',
  implied: 'the document implies it',
  rfc: 'the document is silent; read after RFC 9110',
  inferred: "inferred from evidence outside the status table, such as the gateway's own log",
} as const;
export type Basis = keyof typeof BASES;

/** Who made the status. */
export const ORIGINS = ['vendor', 'gateway', 'unknown'] as const;
export type Origin = (typeof ORIGINS)[number];

/** Qualifiers of a judgement, with what each one warns of. */
export const FLAGS = {
  may_hide_permission: 'a missing permission may hide behind this status',
  may_be_empty: 'may merely mean that the collection is empty',
  reserved: 'listed, but without a meaning',
  implicit: 'missing from the table by oversight; sibling documents list it',
  contradicts_doc: 'the evidence contradicts what the document says of this status',
  model_scoped: 'holds for some device models only',
  worst_of_many: 'the gravest of several errors; the others are in the body',
  failed_members_only: 'resend only the members that failed',
  conditional: 'evidence that could change this judgement is not in this log',
  rfc_hint: 'only RFC 9110, not the document, gives this a meaning',
  low_confidence: 'the wording of the document is doubtful',
} as const;
export type Flag = keyof typeof FLAGS;

/** The vendor of lines whose host and path name no known vendor. */
export const UNKNOWN_VENDOR = 'unknown';

/** One judgement. `flags` are sorted as in {@link FLAGS}; `citation` names document and place. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly responsible: Responsible;
  readonly action: Action;
  readonly basis: Basis;
  readonly origin: Origin;
  readonly flags: readonly Flag[];
  readonly citation: string;
}

/** Sorted and without repeats, so that equal sets of flags are equal lists. */
export function sortedFlags(flags: Iterable<Flag>): Flag[] {
  const set = new Set(flags);
  if (set.size < 2) return [...set];
  return (Object.keys(FLAGS) as Flag[]).filter((flag) => set.has(flag));
}
