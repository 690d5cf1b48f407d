import type { Redis } from 'ioredis';
import type { Keys } from '#redis';

/** The bytes of batches, in Redis beside their jobs: binary, where a job holds JSON. */
export class PayloadStore {
  constructor(
    private readonly redis: Redis,
    private readonly keys: Keys,
  ) {}

  /** @returns undefined if the payload is gone: counted already, or lost */
  async get(id: string): Promise<Buffer | undefined> {
    return (await this.redis.getBuffer(this.keys.payload(id))) ?? undefined;
  }
}
