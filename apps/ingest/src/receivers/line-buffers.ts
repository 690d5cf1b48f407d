import { Injectable, Logger } from '@nestjs/common';
import { LiveSettings } from '#settings';
import { Inflight } from '../inflight.js';
import { IngestMetrics } from '../ingest-metrics.js';
import { Reception } from '../reception.js';
import { LineBuffer, type UnansweredProtocol } from './line-buffer.js';

/** Gives a receiver whose senders wait for no answer its buffer. */
@Injectable()
export class LineBuffers {
  private readonly logger = new Logger('ingest');

  constructor(
    private readonly reception: Reception,
    private readonly inflight: Inflight,
    private readonly metrics: IngestMetrics,
    private readonly settings: LiveSettings,
  ) {}

  of(protocol: UnansweredProtocol): LineBuffer {
    const { reception, inflight, metrics, settings, logger } = this;
    return new LineBuffer(protocol, { reception, inflight, metrics, settings, logger });
  }
}
