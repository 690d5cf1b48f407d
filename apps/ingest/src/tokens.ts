/** Injection token of the Redis connection that fails fast. */
export const REDIS = Symbol('redis');
