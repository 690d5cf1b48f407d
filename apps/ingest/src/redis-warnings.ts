import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BROKEN_PROMISES, isReady, promisesOf, redisInfo, type RedisInfo, type RedisPromises } from '#redis';
import { REDIS } from './tokens.js';

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
    // /readyz tells of a Redis that is away.
    const info = await redisInfo(this.redis).catch((): RedisInfo => new Map());
    const promises = promisesOf(info);
    for (const check of Object.keys(BROKEN_PROMISES) as (keyof RedisPromises)[])
      if (promises[check] === false) this.logger.warn(BROKEN_PROMISES[check]);
  }
}
