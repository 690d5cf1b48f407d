import { Injectable } from '@nestjs/common';
import { SyslogFrames, readSyslog } from '#protocols';
import { LiveSettings } from '#settings';
import type { Connection } from './connection.js';
import type { LineBuffer } from './line-buffer.js';
import { LineBuffers } from './line-buffers.js';
import { LineStream } from './line-stream.js';
import type { StreamReceiver } from './receiver.js';

/** Room for the header of a message whose line is as long as allowed. */
const HEADER_BYTES = 8 * 1024;

/** Syslog in a stream, as RFC 6587 and RFC 5425 have it. */
abstract class SyslogStreams implements StreamReceiver {
  constructor(
    readonly protocol: string,
    private readonly buffer: LineBuffer,
    private readonly settings: LiveSettings,
  ) {}

  async serve(connection: Connection): Promise<void> {
    const lines = new LineStream(connection, this.buffer);
    const { max_line } = this.settings.now.ingest;
    const longest = max_line + HEADER_BYTES;
    const frames = new SyslogFrames(longest, (frame, isWhole) => {
      const { names, event } = readSyslog(frame, longest);
      // a byte too many is kept: then it is rejected as any line that is too long
      if (isWhole || event.length > max_line) lines.take(names, event.subarray(0, max_line + 1));
      else lines.lose(names, 'too_long');
    });
    await lines.read(frames);
  }

  drain(): Promise<void> {
    return this.buffer.drain();
  }
}

@Injectable()
export class SyslogOverTcp extends SyslogStreams {
  constructor(buffers: LineBuffers, settings: LiveSettings) {
    super('syslog_tcp', buffers.of('syslog_tcp'), settings);
  }
}

@Injectable()
export class SyslogOverTls extends SyslogStreams {
  constructor(buffers: LineBuffers, settings: LiveSettings) {
    super('syslog_tls', buffers.of('syslog_tls'), settings);
  }
}
