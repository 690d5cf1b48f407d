import { LEDGER_METRICS, type LedgerMetric } from '#metric-names';
import { LedgerSamples } from '#verdict';
import { family, type Family } from './exposition.js';

/** The ledger as metrics, over and over. */
export class LedgerFamilies {
  private readonly samples = new LedgerSamples();

  /**
   * @param counters values by field; a field that this version does not know is left out
   * @param zeros fields that exist at 0 when nothing was counted
   */
  of(counters: ReadonlyMap<string, number>, zeros: readonly string[]): Family[] {
    const samples = this.samples.of(counters, zeros);
    return (Object.keys(LEDGER_METRICS) as LedgerMetric[]).map((metric) => {
      const definition = LEDGER_METRICS[metric];
      const values = (samples.get(metric) ?? []).map(({ suffix, labels, value }) => ({
        sharedLabels: labels,
        value,
        metricName: suffix === '' ? undefined : `${definition.name}${suffix}`,
      }));
      return family(definition, values);
    });
  }
}
