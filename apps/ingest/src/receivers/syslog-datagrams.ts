import type { AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { readSyslog } from '#protocols';
import { LiveSettings, type Source } from '#settings';
import { IngestMetrics } from '../ingest-metrics.js';
import type { LineBuffer } from './line-buffer.js';
import { LineBuffers } from './line-buffers.js';
import type { DatagramReceiver } from './receiver.js';
import { systemDrops } from './system-drops.js';

/** No datagram is larger, nor what it was compressed from. */
const LONGEST = 64 * 1024;

/** Syslog in datagrams, one message each, as RFC 5426 has it. What does not fit is dropped: nobody can be told to wait. */
@Injectable()
export class SyslogDatagrams implements DatagramReceiver {
  readonly protocol = 'syslog_udp';
  private readonly buffer: LineBuffer;
  private droppedBySystem = 0;

  constructor(
    buffers: LineBuffers,
    private readonly settings: LiveSettings,
    private readonly metrics: IngestMetrics,
  ) {
    this.buffer = buffers.of(this.protocol);
  }

  opened(address: AddressInfo): void {
    this.metrics.sightings.push(async () => {
      const drops = await systemDrops(address);
      this.buffer.dropped.count(undefined, 'kernel', drops - this.droppedBySystem);
      this.droppedBySystem = drops;
    });
  }

  take(message: Buffer): void {
    const { names, event } = readSyslog(message, LONGEST);
    const source = this.buffer.sourceOf(names, this.mayFor);
    if (source === undefined) return;
    if (this.buffer.isCrowded(source)) this.buffer.dropped.count(source, 'buffer_full');
    else this.buffer.add(source, event);
  }

  drain(): Promise<void> {
    return this.buffer.drain();
  }

  private readonly mayFor = ({ credentials }: Source): boolean =>
    credentials === undefined || this.settings.now.ingest.receivers.syslog_udp?.allow_anonymous === true;
}
