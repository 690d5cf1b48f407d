export { isAuthorized } from './credentials.js';
export { guardPages } from './guard-pages.js';
export { httpServer } from './http-server.js';
export { http2Server } from './http2-server.js';
export { scryptText } from './scrypt-hash.js';
export { streamServer, type StreamBounds } from './stream-server.js';
export { keepCertificate, tlsOptions } from './tls.js';
