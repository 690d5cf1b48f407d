import { Controller, Get, Headers, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Redis } from 'ioredis';
import { Keys, mustRead } from '#redis';
import { EXPOSITIONS, expositionFor } from './exposition.js';
import { Scrape } from './scrape.js';
import { ShownLedger } from './shown-ledger.js';
import { REDIS } from './tokens.js';

/** The page that Prometheus scrapes, and how the exporter is. */
@Controller()
export class StatusController {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    private readonly scrape: Scrape,
    private readonly ledger: ShownLedger,
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
  async ready(): Promise<{ status: string; state: string }> {
    await mustRead(this.redis, new Keys()).catch(unavailable);
    const fault = this.ledger.keepingFails;
    return { status: 'ready', state: fault === undefined ? 'kept' : `cannot be kept: ${fault}` };
  }
}

const unavailable = (error: Error): never => {
  throw new ServiceUnavailableException({ status: 'unavailable', redis: error.message });
};
