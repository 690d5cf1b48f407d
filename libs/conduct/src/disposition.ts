import type { Action } from '#catalogue';
import type { DISPOSITIONS } from '#metric-names';

export type Disposition = (typeof DISPOSITIONS)[number];

/** What the document says of sending the same request again, by what it tells the caller to do. */
export const DISPOSITION_OF: Readonly<Record<Action, Disposition>> = {
  retry_later: 'allowed',
  wait_retry_after: 'wait_first',
  fix_and_retry: 'change_first',
  change_request: 'never',
  poll_job: 'never',
  follow_location: 'change_first',
  none: 'undocumented',
  unspecified: 'undocumented',
};
