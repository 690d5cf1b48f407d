export * from './judge.js';
export * from './operation.js';
export * from './request-from-context.js';
export * from './tally.js';
export * from './vendor-router.js';
