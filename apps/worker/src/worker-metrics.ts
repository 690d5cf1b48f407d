import { Injectable } from '@nestjs/common';
import { Histogram, Registry } from 'prom-client';
import { WORKER_METRICS } from '#metric-names';

/** What this worker tells on its own /metrics. */
@Injectable()
export class WorkerMetrics {
  readonly registry = new Registry();
  readonly batchDuration = new Histogram({
    name: WORKER_METRICS.batchDuration.name,
    help: WORKER_METRICS.batchDuration.help,
    labelNames: WORKER_METRICS.batchDuration.labels,
    buckets: [...WORKER_METRICS.batchDuration.buckets],
    registers: [this.registry],
  });
}
