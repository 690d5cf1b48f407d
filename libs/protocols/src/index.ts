export { EventLines } from './event-lines.js';
export { EventsBySource, type SourceLines } from './events-by-source.js';
export { LineFrames } from './line-frames.js';
export { SyslogFrames } from './syslog-frames.js';
export { readSyslog, type SyslogMessage } from './syslog-message.js';
