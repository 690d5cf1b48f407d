import type { LogReview } from '../log-review.js';
import type { Report } from '../report.js';

export function htmlPage(report: Report, log: LogReview, top: number): string {
  return JSON.stringify([report, log, top]);
}
