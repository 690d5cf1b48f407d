import { GLANCE_KEPT_MS, sliceOf, type Glance, type StepWriter } from '#conduct';
import type { BatchConduct } from '#ledger';
import { SKIP_REASONS, ledgerField } from '#metric-names';
import type { Pairs } from '#redis';
import type { Settings } from '#settings';
import { conductKeptMs } from './conduct-bounds.js';

/**
 * What a batch leaves behind of its callers until the time of it is settled.
 * @param devices those that have label values of their own: of others nobody would be told
 */
export function conductOfBatch(
  source: string,
  steps: StepWriter,
  devices: ReadonlySet<string>,
  settings: Settings,
): BatchConduct {
  const pieces = steps.pieces();
  const oldest = sliceOf(Date.now() - GLANCE_KEPT_MS);
  const isTold = ({ device }: Glance): boolean => device === '' || devices.has(device);
  return {
    source,
    pieces,
    glances: pieces
      .filter(({ slice }) => slice >= oldest)
      .map(({ slice, glances }) => ({ slice, text: JSON.stringify(glances.filter(isTold)) })),
    maxBytes: settings.conduct.maxBytes,
    keptMs: conductKeptMs(settings),
    glancesKeptMs: GLANCE_KEPT_MS,
  };
}

/** Requests that cannot be followed, by why. */
export const skippedFields = (source: string, { skipped }: StepWriter): Pairs =>
  SKIP_REASONS.filter((reason) => skipped[reason] > 0).map((reason) => [
    ledgerField('conductSkipped', source, reason),
    skipped[reason],
  ]);
