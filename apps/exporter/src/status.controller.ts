import { Controller, Get, Headers, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Redis } from 'ioredis';
import { EXPOSITIONS, expositionFor } from './exposition.js';
import { Scrape } from './scrape.js';
import { REDIS } from './tokens.js';

/** The page that Prometheus scrapes, and how the exporter is. */
@Controller()
export class StatusController {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly scrape: Scrape,
  ) {}

  @Get('/metrics')
  async metrics(@Headers('accept') accept: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const exposition = expositionFor(accept);
    const page = await this.scrape.render(exposition).catch(unavailable);
    await reply.header('content-type', EXPOSITIONS[exposition]).send(page);
  }

  @Get('/healthz')
  alive(): { status: string } {
    return { status: 'alive' };
  }

  @Get('/readyz')
  async ready(): Promise<{ status: string }> {
    await this.redis.ping().catch(unavailable);
    return { status: 'ready' };
  }
}

const unavailable = (error: Error): never => {
  throw new ServiceUnavailableException({ status: 'unavailable', redis: error.message });
};
