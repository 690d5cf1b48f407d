export { isAuthorized } from './credentials.js';
export { guardPages } from './guard-pages.js';
export { httpServer } from './http-server.js';
export { scryptText } from './scrypt-hash.js';
