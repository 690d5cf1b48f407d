import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { INGEST_METRICS } from '#metric-names';

/** What ingest tells on its own /metrics. */
@Injectable()
export class IngestMetrics {
  readonly registry = new Registry();
  readonly requests = new Counter({
    name: INGEST_METRICS.requests.name,
    help: INGEST_METRICS.requests.help,
    labelNames: INGEST_METRICS.requests.labels,
    registers: [this.registry],
  });
  readonly refusals = new Counter({
    name: INGEST_METRICS.refusals.name,
    help: INGEST_METRICS.refusals.help,
    labelNames: INGEST_METRICS.refusals.labels,
    registers: [this.registry],
  });
}
