import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Whether this app has been told to end: /readyz says so, so that load balancers send nobody any more. */
@Injectable()
export class Departure {
  private announced = false;

  get isAnnounced(): boolean {
    return this.announced;
  }

  announce(): void {
    this.announced = true;
  }
}

/**
 * Ends an app in order: it says that it is going, works on for a while for those who have not heard, answers what is
 * under way and closes.
 */
export async function depart(app: NestFastifyApplication, noticeMs = 0): Promise<void> {
  app.get(Departure).announce();
  if (noticeMs > 0) await pause(noticeMs);
  await app.close();
}
