export * from './request.js';
export * from './format.js';
