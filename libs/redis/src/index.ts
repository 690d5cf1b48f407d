export * from './claims.js';
export * from './connection.js';
export * from './embedded-redis.js';
export * from './info.js';
export * from './keys.js';
export * from './ledger-hash.js';
export * from './promises.js';
export * from './script.js';
