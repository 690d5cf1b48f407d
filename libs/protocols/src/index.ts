export { EventLines } from './event-lines.js';
export { EventsBySource, type SourceLines } from './events-by-source.js';
export { MalformedBulk, readBulk, type BulkAction } from './elasticsearch-bulk.js';
export { BulkItems } from './elasticsearch-items.js';
export { HecChannels } from './hec-channels.js';
export { HEC_NAMES, readHecEvents, readHecRaw, type HecFault, type HecNames } from './hec-events.js';
