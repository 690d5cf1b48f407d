import type { CHAIN_OUTCOMES } from '#metric-names';
import type { Disposition } from '../disposition.js';
import type { Findings } from '../findings.js';
import type { Failure } from './failure.js';

type ChainOutcome = (typeof CHAIN_OUTCOMES)[number];

const MAY_BE_REPEATED = new Set<Disposition>(['allowed', 'wait_first']);

/** How a chain ends whose last request failed and was not sent again. */
export function outcomeWithoutRetry({ requests, disposition }: Failure): ChainOutcome {
  if (requests > 1) return 'exhausted';
  return MAY_BE_REPEATED.has(disposition) ? 'abandoned' : 'heeded';
}

/** @param requests that the operation took from its first failure, with that one */
export const countChain = (
  findings: Findings,
  vendor: string,
  outcome: ChainOutcome,
  requests: number,
): void => findings.observe('retryChains', [vendor, outcome], requests);
