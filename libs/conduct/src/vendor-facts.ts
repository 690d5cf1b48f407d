import type { VendorFile } from '#catalogue';
import type { ConductPolicy } from './tracker.js';

/** What the documents of vendors say that callers can be measured by. */
export const vendorFacts = (
  files: readonly VendorFile[],
): Pick<ConductPolicy, 'sessionIdle' | 'jobVendors'> => ({
  sessionIdle: new Map(
    files.flatMap(({ vendor, session_idle }) => (session_idle === undefined ? [] : [[vendor, session_idle]])),
  ),
  jobVendors: new Set(files.flatMap(({ vendor, job_routes }) => (job_routes === undefined ? [] : [vendor]))),
});
