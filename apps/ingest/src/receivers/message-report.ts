import { Injectable, Logger } from '@nestjs/common';
import { visibleText } from '#access-log';
import { IngestMetrics } from '../ingest-metrics.js';
import { REFUSALS, type RefusalName } from '../refusal.js';
import { ToldOnce } from '../told-once.js';

const STORED = 200;

/** Tells what became of messages that are answered without a status, as if they had one. */
@Injectable()
export class MessageReport {
  private readonly logger = new Logger('ingest');
  private readonly told = new ToldOnce();

  constructor(private readonly metrics: IngestMetrics) {}

  /** @param sources of one message */
  stored(protocol: string, sources: Iterable<string>): void {
    for (const source of new Set(sources))
      this.metrics.requests.inc({ protocol, source, code: STORED, refusal: '' });
  }

  refused(protocol: string, source: string, refusal: RefusalName): void {
    this.metrics.requests.inc({ protocol, source, code: REFUSALS[refusal].status, refusal });
  }

  /** What can never be read, so that it is acknowledged and not kept. Its kind is told once. */
  malformed(protocol: string, source: string, problem: string): void {
    this.refused(protocol, source, 'malformed');
    if (!this.told.isNew(problem)) return;
    this.logger.warn(
      `${protocol}: ${visibleText(problem)} (source ${source}); acknowledged, since they would be no better next time. Told once, counted in statuslens_ingest_requests_total`,
    );
  }
}
