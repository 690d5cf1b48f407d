import type { AddressInfo } from 'node:net';
import type { ModuleRef } from '@nestjs/core';

/** A receiver that listens. */
export interface Listening {
  readonly address: AddressInfo;
  /** Takes nobody new, finishes what has begun, stores what is kept. */
  close(): Promise<void>;
}

/** What a transport is opened with. */
interface Means {
  readonly modules: Pick<ModuleRef, 'get'>;
  /** Its name, such as `ingest.receivers.loki`. */
  readonly setting: string;
  /** Told of what somebody should look at. */
  readonly tell: (problem: string) => void;
}

/**
 * Opens a receiver.
 * @param at its row in the settings
 * @throws if the port cannot be opened
 */
export type Transport<At> = (at: At, means: Means) => Promise<Listening>;
