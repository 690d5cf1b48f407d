export * from './batch-id.js';
export * from './inflate.js';
export * from './log-batch.js';
export * from './oldest-batch.js';
export * from './payload-store.js';
export * from './producer.js';
export * from './queue.js';
export * from './replay-queue.js';
