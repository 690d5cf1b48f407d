export { EventLines } from './event-lines.js';
export { EventsBySource, type SourceLines } from './events-by-source.js';
