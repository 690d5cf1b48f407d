import type { Suspect } from '#conduct';
import {
  CONDUCT_METRICS,
  DISPOSITIONS,
  LEDGER_METRICS,
  parseLedgerField,
  type LedgerMetric,
} from '#metric-names';
import { ledgerSamples } from '#verdict';
import type { Amplification } from './amplification.js';

type Disposition = (typeof DISPOSITIONS)[number];

/** What callers did after a status. Counts of requests, where nothing else is said. */
export interface ConductReport {
  /** Whose callers were followed, and whose could not be, by reason. */
  readonly requests: number;
  readonly skipped: Readonly<Record<string, number>>;
  /** Most frequent first. */
  readonly retries: readonly RetriesOf[];
  readonly amplification: Amplification;
  /** Promised waits by what callers made of them. */
  readonly waits: Readonly<Record<string, number>>;
  /** Operations that failed by how they ended, and the requests that they took from then on. */
  readonly chains: Readonly<Record<string, { readonly operations: number; readonly requests: number }>>;
  /** Writes that nobody knows the outcome of, and those of them that were sent again. */
  readonly unknownWrites: number;
  readonly repeatedWrites: number;
  readonly suspects: readonly Suspect[];
  /** All that was counted, by the names and labels that Prometheus would show. */
  readonly series: Readonly<Record<string, readonly Sample[]>>;
}

interface RetriesOf {
  readonly vendor: string;
  readonly previousCode: number;
  readonly disposition: Disposition;
  readonly requests: number;
}

type Sample = Readonly<Record<string, string | number>>;

/** Dispositions of repeats that the document does not allow. */
export const FORBIDDEN: readonly Disposition[] = ['never', 'change_first'];

export const isForbidden = (disposition: Disposition): boolean => FORBIDDEN.includes(disposition);

/** @param counters by field of the ledger */
export function conductReport(
  counters: ReadonlyMap<string, number>,
  suspects: readonly Suspect[],
  amplification: Amplification,
): ConductReport {
  const entries = [...counters].map(([field, value]) => ({ ...parseLedgerField(field)!, value }));
  const sumBy = (metric: LedgerMetric, label: string): Record<string, number> => {
    const place = (LEDGER_METRICS[metric].labels as readonly string[]).indexOf(label);
    const sums: Record<string, number> = {};
    for (const { labels, value } of entries.filter((entry) => entry.metric === metric))
      sums[labels[place]!] = (sums[labels[place]!] ?? 0) + value;
    return sums;
  };
  const total = (metric: LedgerMetric): number => sumBy(metric, 'source')[entries[0]?.labels[0] ?? ''] ?? 0;
  return {
    requests: total('conductRequests'),
    skipped: sumBy('conductSkipped', 'reason'),
    retries: entries
      .filter(({ metric }) => metric === 'retries')
      .map(({ labels: [, vendor, code, disposition], value }) => ({
        vendor: vendor!,
        previousCode: Number(code),
        disposition: disposition as Disposition,
        requests: value,
      }))
      .sort((a, b) => b.requests - a.requests || a.previousCode - b.previousCode),
    amplification,
    waits: sumBy('retryWaits', 'outcome'),
    chains: chainsOf(entries.filter(({ metric }) => metric === 'retryChains')),
    unknownWrites: total('unknownWrites'),
    repeatedWrites: total('repeatedWrites'),
    suspects,
    series: seriesOf(counters),
  };
}

function chainsOf(
  entries: readonly { labels: readonly string[]; part: number | 'sum' | undefined; value: number }[],
): ConductReport['chains'] {
  const chains: Record<string, { operations: number; requests: number }> = {};
  for (const { labels, part, value } of entries) {
    const chain = (chains[labels[2]!] ??= { operations: 0, requests: 0 });
    chain[part === 'sum' ? 'requests' : 'operations'] += value;
  }
  return chains;
}

function seriesOf(counters: ReadonlyMap<string, number>): ConductReport['series'] {
  const series: Record<string, Sample[]> = {};
  for (const [metric, samples] of ledgerSamples(counters, []))
    if (Object.hasOwn(CONDUCT_METRICS, metric))
      for (const { suffix, labels, value } of samples)
        (series[`${LEDGER_METRICS[metric].name}${suffix}`] ??= []).push({ ...labels, value });
  return series;
}

/** All retries, and those of some dispositions. */
export const retriesIn = (
  { retries }: ConductReport,
  dispositions: readonly Disposition[] = DISPOSITIONS,
): number =>
  retries.reduce(
    (sum, { disposition, requests }) => (dispositions.includes(disposition) ? sum + requests : sum),
    0,
  );
