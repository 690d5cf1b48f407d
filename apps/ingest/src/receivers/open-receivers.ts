import type { AddressInfo } from 'node:net';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { LiveSettings, listenError, type ReceiverName, type Receivers } from '#settings';
import { RECEIVERS } from './index.js';
import type { Listening, Transport } from './transport.js';

/** The receivers that the settings name, beside plain HTTP. */
@Injectable()
export class OpenReceivers implements BeforeApplicationShutdown {
  private readonly logger = new Logger('ingest');
  private readonly listening = new Map<ReceiverName, Listening>();

  constructor(
    private readonly modules: ModuleRef,
    private readonly settings: LiveSettings,
  ) {}

  /** Where each of them listens. */
  get addresses(): ReadonlyMap<ReceiverName, AddressInfo> {
    return new Map([...this.listening].map(([name, { address }]) => [name, address]));
  }

  /** A line of text for each of them, such as `loki on 127.0.0.1:3100`. */
  get lines(): string[] {
    return [...this.addresses].map(([name, { address, port }]) => `${name} on ${address}:${port}`);
  }

  /** @throws if a port cannot be opened */
  async open(): Promise<void> {
    const { receivers } = this.settings.now.ingest;
    for (const name of Object.keys(receivers) as ReceiverName[])
      if (receivers[name]) this.listening.set(name, await this.listen(name, receivers[name]));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.listening.values()].map((receiver) => receiver.close()));
  }

  private async listen<Name extends ReceiverName>(
    name: Name,
    at: NonNullable<Receivers[Name]>,
  ): Promise<Listening> {
    const setting = `ingest.receivers.${name}`;
    const open = RECEIVERS[name] as Transport<typeof at>;
    try {
      return await open(at, {
        modules: this.modules,
        setting,
        tell: (problem) => this.logger.warn(problem),
      });
    } catch (error) {
      throw listenError(error, setting, at, this.settings.file);
    }
  }
}
