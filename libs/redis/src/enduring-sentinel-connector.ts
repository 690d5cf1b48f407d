import { Socket } from 'node:net';
import { SentinelConnector, type SentinelConnectionOptions } from 'ioredis';

type Arguments = Parameters<SentinelConnector['connect']>;
type Stream = Awaited<ReturnType<SentinelConnector['connect']>>;

/**
 * Asks sentinels for the master, and is not broken off for good. While ioredis asks, the client may be told to connect
 * anew: by news of the failover that it asks about, or by BullMQ, which renews a connection that was silent for too
 * long. ioredis 6.0 then ends the client, and no retry strategy is asked. A socket that is closed already is treated as
 * any connection that was lost: there is another attempt, unless the client was told to end.
 */
export class EnduringSentinelConnector extends SentinelConnector {
  /** @param options those of the client; ioredis says no more of their type */
  constructor(options: unknown) {
    super(options as SentinelConnectionOptions);
  }

  override async connect(...args: Arguments): Promise<Stream> {
    try {
      return await super.connect(...args);
    } catch (error) {
      this.firstError = error as Error;
      return new Socket().destroy();
    }
  }
}
