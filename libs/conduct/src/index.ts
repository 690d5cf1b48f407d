export { Conduct } from './conduct.js';
export type { Findings, Suspect } from './findings.js';
export * from './glance.js';
export * from './slice.js';
export { RequestKeys } from './request-keys.js';
export { StepWriter, type Piece } from './step-writer.js';
export type { ConductPolicy } from './tracker.js';
