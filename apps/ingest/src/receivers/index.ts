import type { Provider } from '@nestjs/common';
import type { ReceiverName, Receivers } from '#settings';
import { ForwardChunks } from './forward-chunks.js';
import { ForwardHeartbeats, withHeartbeats } from './forward-heartbeats.js';
import { ForwardReceiver } from './forward.js';
import { LumberjackReceiver } from './lumberjack.js';
import { overStreams } from './over-streams.js';
import { MessageReport } from './message-report.js';
import type { Transport } from './transport.js';

/** Every protocol beside plain HTTP: how it travels and who speaks it, by its name in `ingest.receivers`. */
export const RECEIVERS: { readonly [Name in ReceiverName]?: Transport<NonNullable<Receivers[Name]>> } = {
  forward: withHeartbeats(overStreams(ForwardReceiver)),
  lumberjack: overStreams(LumberjackReceiver),
};

/** What the rows are made of. */
export const RECEIVER_PROVIDERS: Provider[] = [
  ForwardReceiver,
  ForwardChunks,
  ForwardHeartbeats,
  LumberjackReceiver,
  MessageReport,
];
