import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BROKEN_PROMISES, promisesOf, redisInfo, type RedisPromises } from '#redis';
import { REDIS } from './tokens.js';

/** Says at start-up what this Redis cannot promise to senders. */
@Injectable()
export class RedisWarnings implements OnModuleInit {
  private readonly logger = new Logger(RedisWarnings.name);

  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  onModuleInit(): void {
    // Redis that is away by now is told by /readyz, and by the exporter's metric later.
    this.redis.once('ready', () => void this.warn().catch(() => {}));
  }

  private async warn(): Promise<void> {
    const promises = promisesOf(await redisInfo(this.redis));
    for (const check of Object.keys(BROKEN_PROMISES) as (keyof RedisPromises)[])
      if (promises[check] === false) this.logger.warn(BROKEN_PROMISES[check]);
  }
}
