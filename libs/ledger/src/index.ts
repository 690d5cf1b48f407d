export type * from './batch-conduct.js';
export * from './conduct-ledger.js';
export * from './dead-batches.js';
export * from './ledger.js';
export { RejectedLines, type RejectedLine } from './rejected-lines.js';
export { Suspects } from './suspects.js';
