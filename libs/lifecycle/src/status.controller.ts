import { Controller, Get, Headers, Res, ServiceUnavailableException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LiveSettings } from '#settings';
import { AppStatus } from './app-status.js';
import { Departure } from './departure.js';

/** How an app is: for probes and for Prometheus. */
@Controller()
export class StatusController {
  constructor(
    private readonly app: AppStatus,
    private readonly departure: Departure,
    private readonly settings: LiveSettings,
  ) {}

  @Get('/metrics')
  async metrics(@Headers('accept') accept: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const { type, text } = await this.app.metrics(accept).catch(unavailable);
    await reply.header('content-type', type).send(text);
  }

  @Get('/healthz')
  alive(): { status: string } {
    return { status: 'alive' };
  }

  /** Settings that cannot be used are told and are no reason to be unready: the ones before are in force. */
  @Get('/readyz')
  async ready(): Promise<object> {
    if (this.departure.isAnnounced) throw new ServiceUnavailableException({ status: 'ending' });
    const details = await this.app.ready().catch(unavailable);
    const { readAt, mistakes, needRestart } = this.settings.state;
    return {
      status: 'ready',
      ...details,
      settings: {
        read: new Date(readAt).toISOString(),
        ...(mistakes.length > 0 && { not_in_force: mistakes }),
        ...(needRestart.length > 0 && { need_restart: needRestart }),
      },
    };
  }
}

const unavailable = (error: Error): never => {
  throw new ServiceUnavailableException({ status: 'unavailable', redis: error.message });
};
