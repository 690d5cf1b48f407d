/** Injection token of the settings. */
export const SETTINGS = Symbol('settings');

/** Injection token of the Redis connection that fails fast. */
export const REDIS = Symbol('redis');
