export { Conduct } from './conduct.js';
export type { Findings, Suspect } from './findings.js';
export * from './glance.js';
export { suspectedMaintenance, type GlancedDevice } from './maintenance.js';
export * from './slice.js';
export { pieceTotals, stepsInOrder } from './step-reader.js';
export { StepWriter, type Piece } from './step-writer.js';
export type { ConductPolicy } from './tracker.js';
export { vendorFacts } from './vendor-facts.js';
