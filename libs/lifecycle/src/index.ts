export * from './app-status.js';
export * from './closing-connections.js';
export * from './departure.js';
export * from './end-on-signal.js';
export * from './follow-settings.js';
export * from './reload-metrics.js';
export * from './status.controller.js';
export { startApp } from './start-app.js';
