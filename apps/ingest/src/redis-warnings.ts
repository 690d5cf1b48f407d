import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BROKEN_PROMISES, isReady, promisesOf, redisInfo, type RedisPromises } from '#redis';
import { REDIS } from './tokens.js';

const UNKNOWN =
  'Redis does not tell how it is set up, so whether it keeps what it has acknowledged is unknown: allow INFO, or see docs/redis.md.';

/** Says at start-up what this Redis cannot promise to senders. */
@Injectable()
export class RedisWarnings implements OnModuleInit {
  private readonly logger = new Logger(RedisWarnings.name);

  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  onModuleInit(): void {
    if (isReady(this.redis)) void this.warn();
    else this.redis.once('ready', () => void this.warn());
  }

  private async warn(): Promise<void> {
    const info = await redisInfo(this.redis).catch(() => undefined);
    if (info === undefined) return; // /readyz tells of a Redis that is away
    if (info.size === 0) this.logger.warn(UNKNOWN);
    const promises = promisesOf(info);
    for (const check of Object.keys(BROKEN_PROMISES) as (keyof RedisPromises)[])
      if (promises[check] === false) this.logger.warn(BROKEN_PROMISES[check]);
  }
}
