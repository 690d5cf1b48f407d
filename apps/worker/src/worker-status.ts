import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AppStatus, type MetricsPage } from '#lifecycle';
import { Keys, connectFailFast, mustWrite } from '#redis';
import { LiveSettings } from '#settings';
import { WorkerMetrics } from './worker-metrics.js';

/** A worker is ready while Redis answers: without it there is nothing to do. */
@Injectable()
export class WorkerStatus extends AppStatus implements OnApplicationShutdown {
  private readonly redis;

  constructor(
    settings: LiveSettings,
    private readonly own: WorkerMetrics,
  ) {
    super();
    this.redis = connectFailFast(settings.now.redis.access!);
  }

  async metrics(): Promise<MetricsPage> {
    const { registry } = this.own;
    return { type: registry.contentType, text: await registry.metrics() };
  }

  async ready(): Promise<object> {
    await mustWrite(this.redis, new Keys());
    return {};
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}
