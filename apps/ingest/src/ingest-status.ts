import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { AppStatus, type MetricsPage } from '#lifecycle';
import { Keys, ReplicaBarrier, mustWrite } from '#redis';
import { IngestMetrics } from './ingest-metrics.js';
import { REDIS } from './tokens.js';

/** Ingest is ready while Redis takes what it stores. */
@Injectable()
export class IngestStatus extends AppStatus {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly own: IngestMetrics,
    private readonly replicas: ReplicaBarrier,
  ) {
    super();
  }

  async metrics(): Promise<MetricsPage> {
    const { registry } = this.own;
    return { type: registry.contentType, text: await registry.metrics() };
  }

  async ready(): Promise<object> {
    await this.replicas.through(() => mustWrite(this.redis, new Keys()));
    return {};
  }
}
