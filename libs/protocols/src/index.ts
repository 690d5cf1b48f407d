export { EventLines } from './event-lines.js';
export { EventsBySource, type SourceLines } from './events-by-source.js';
export { ForwardHandshake, type ForwardSecrets } from './forward-handshake.js';
export { forwardAck, forwardMessage, type ForwardMessage } from './forward-message.js';
export { jsonEvent, pairsEvent, type LumberjackEvent } from './lumberjack-event.js';
export { LumberjackFrames, lumberjackAck, type LumberjackFrame } from './lumberjack-frames.js';
export { Malformed } from './malformed.js';
export { MsgpackEvents, msgpackEvents } from './msgpack-events.js';
export { MsgpackFrames } from './msgpack-frames.js';
