import type { Action, Catalogue, Judgement } from '#catalogue';
import type { DISPOSITIONS } from '#metric-names';

export type Disposition = (typeof DISPOSITIONS)[number];

/** What the document says of sending the same request again, by what it tells the caller to do. */
const DISPOSITION_OF: Readonly<Record<Action, Disposition>> = {
  retry_later: 'allowed',
  wait_retry_after: 'wait_first',
  fix_and_retry: 'change_first',
  change_request: 'never',
  poll_job: 'never',
  follow_location: 'change_first',
  none: 'undocumented',
  unspecified: 'undocumented',
};

/**
 * What the document says of sending a request again that was judged so. A status that always orders to wait for Retry-After
 * still does where the header is missing, though nobody can tell then how long.
 * @param vendor as the catalogue numbers it
 */
export function dispositionOf(
  catalogue: Catalogue,
  vendor: number,
  code: number,
  { action, origin }: Pick<Judgement, 'action' | 'origin'>,
): Disposition {
  const status = catalogue.files[vendor]?.statuses[code];
  const lacksItsWait =
    action === 'retry_later' && origin !== 'gateway' && status?.action === 'wait_retry_after';
  return lacksItsWait ? 'wait_first' : DISPOSITION_OF[action];
}
