export * from './batch-id.js';
export * from './batch-versions.js';
export * from './log-batch.js';
export * from './payload-store.js';
export * from './producer.js';
export * from './queue.js';
export * from './queue-view.js';
export * from './replay-queue.js';
export { BrokenZstd, LARGEST_ZSTD_WINDOW, zstdFrames, type ZstdFrame } from './zstd-frames.js';
