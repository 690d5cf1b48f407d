import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
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
  /** Looked at before each scrape: what counts elsewhere. */
  readonly sightings: (() => Promise<void>)[] = [];
  readonly bufferedBytes = new Gauge({
    name: INGEST_METRICS.bufferedBytes.name,
    help: INGEST_METRICS.bufferedBytes.help,
    labelNames: INGEST_METRICS.bufferedBytes.labels,
    registers: [this.registry],
  });
  readonly droppedLines = new Counter({
    name: INGEST_METRICS.droppedLines.name,
    help: INGEST_METRICS.droppedLines.help,
    labelNames: INGEST_METRICS.droppedLines.labels,
    registers: [this.registry],
    collect: async () => {
      for (const look of this.sightings) await look();
    },
  });
}
