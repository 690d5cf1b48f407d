export * from './data-dir.js';
export * from './listen-error.js';
export * from './load-settings.js';
export * from './settings.js';
export * from './settings-file.js';
export * from './settings-or-exit.js';
export * from './source-scope.js';
export * from './version.js';
export { ruleScopeOf } from './rule-scope.js';
