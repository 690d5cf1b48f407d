import type { PromQL } from './promql.js';

/**
 * Matchers of requests with a status that always orders to wait for Retry-After, but came without; the gateway’s own
 * are not the vendor’s.
 */
export function missingPromises({ scope }: PromQL): string {
  const statuses = scope.catalogue.files.flatMap(({ vendor, statuses }) =>
    Object.entries(statuses)
      .filter(([, { action }]) => action === 'wait_retry_after')
      .map(([code]) => ({ vendor, code })),
  );
  const values = (key: 'vendor' | 'code'): string => [...new Set(statuses.map((one) => one[key]))].join('|');
  return `vendor=~"${values('vendor')}", code=~"${values('code')}", origin!="gateway", action="retry_later"`;
}
