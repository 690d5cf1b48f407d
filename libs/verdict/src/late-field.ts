import type { Judgement } from '#catalogue';
import { ledgerField } from '#metric-names';

/** The field that counts late requests, so that alerts can take them off: by all that alerts tell requests apart by. */
export const lateField = (
  source: string,
  vendor: string,
  { verdict, responsible, origin }: Judgement,
): string => ledgerField('lateRequests', source, vendor, verdict, responsible, origin);
