import type { Provider } from '@nestjs/common';
import type { ReceiverName, Receivers } from '#settings';
import type { Transport } from './transport.js';

/** Every protocol beside plain HTTP: how it travels and who speaks it, by its name in `ingest.receivers`. */
export const RECEIVERS: { readonly [Name in ReceiverName]?: Transport<NonNullable<Receivers[Name]>> } = {};

/** What the rows are made of. */
export const RECEIVER_PROVIDERS: Provider[] = [];
