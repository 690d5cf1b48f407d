import { Injectable } from '@nestjs/common';
import { LineFrames } from '#protocols';
import { LiveSettings } from '#settings';
import type { Connection } from './connection.js';
import type { LineBuffer } from './line-buffer.js';
import { LineBuffers } from './line-buffers.js';
import { LineStream } from './line-stream.js';
import type { StreamReceiver } from './receiver.js';

/** Lines or JSON objects, one a line, without a protocol; all for the source of the setting. */
@Injectable()
export class TcpLines implements StreamReceiver {
  readonly protocol = 'tcp';
  private readonly buffer: LineBuffer;

  constructor(
    buffers: LineBuffers,
    private readonly settings: LiveSettings,
  ) {
    this.buffer = buffers.of(this.protocol);
  }

  async serve(connection: Connection): Promise<void> {
    const { max_line, receivers } = this.settings.now.ingest;
    const { source, when_full } = receivers.tcp!;
    const lines = new LineStream(connection, this.buffer, when_full);
    // a byte too many is kept: then it is rejected as any line that is too long
    const frames = new LineFrames(max_line + 1, (line) => lines.take([source], line));
    await lines.read(frames, source);
  }

  drain(): Promise<void> {
    return this.buffer.drain();
  }
}
