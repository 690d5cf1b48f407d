import type { Action, Origin, Responsible, Verdict } from '#catalogue';
import type { DISPOSITIONS } from '#metric-names';
import type { Budget } from '../objectives.js';

/** Colours by label value; the same value has the same colour in every panel. */
export type Palette = Readonly<Record<string, string>>;

const UNKNOWN = '#9fa7b3';

export const VERDICT_COLORS = {
  ok: 'green',
  accepted: 'super-light-green',
  partial_success: 'yellow',
  client_fault: 'blue',
  retryable_busy: 'orange',
  gateway_timeout: 'purple',
  server_fault: 'red',
  undocumented: UNKNOWN,
} as const satisfies Record<Verdict, string>;

export const RESPONSIBLE_COLORS = {
  client: 'blue',
  service: 'red',
  device: 'dark-red',
  service_or_device: 'light-red',
  gateway: 'purple',
  client_or_service: 'orange',
  nobody: 'green',
  unknown: UNKNOWN,
} as const satisfies Record<Responsible, string>;

export const ACTION_COLORS = {
  none: 'green',
  poll_job: 'super-light-green',
  follow_location: 'light-green',
  change_request: 'blue',
  fix_and_retry: 'light-blue',
  wait_retry_after: 'yellow',
  retry_later: 'orange',
  unspecified: UNKNOWN,
} as const satisfies Record<Action, string>;

export const ORIGIN_COLORS = {
  vendor: 'red',
  gateway: 'purple',
  unknown: UNKNOWN,
} as const satisfies Record<Origin, string>;

/** Those of whom the budgets are. */
export const BUDGET_COLORS = {
  vendor: RESPONSIBLE_COLORS.service,
  gateway: RESPONSIBLE_COLORS.gateway,
  caller: RESPONSIBLE_COLORS.client,
  throttled: RESPONSIBLE_COLORS.client_or_service,
} as const satisfies Record<Budget, string>;

/** Outcomes of lines and of batches. */
export const OUTCOME_COLORS = {
  accepted: VERDICT_COLORS.accepted,
  classified: 'green',
  committed: 'green',
  duplicate: 'yellow',
  ignored: UNKNOWN,
  rejected: 'red',
  dead: 'red',
} as const;

/** What the document says of a retry. */
export const DISPOSITION_COLORS = {
  allowed: 'green',
  wait_first: 'yellow',
  change_first: 'orange',
  never: 'red',
  undocumented: UNKNOWN,
} as const satisfies Record<(typeof DISPOSITIONS)[number], string>;

/** How what callers began has ended: well, badly, or unseen. */
export const ENDING_COLORS = {
  kept: 'green',
  early: 'red',
  never_returned: UNKNOWN,
  recovered: 'green',
  heeded: 'blue',
  exhausted: 'red',
  abandoned: 'orange',
  followed: 'green',
  forgotten: 'orange',
  expired: 'red',
  not_measurable: UNKNOWN,
  renewed: 'green',
  broken: 'red',
  opened: 'blue',
  closed: 'green',
  left_open: 'orange',
} as const satisfies Palette;

/** What evidence can be, and what cannot be measured. */
export const EVIDENCE_COLORS = { present: 'green', absent: 'blue', not_logged: UNKNOWN } as const;
export const NOT_MEASURABLE_COLOR = UNKNOWN;
