import { LEDGER_METRICS } from '#metric-names';
import type { PromQL } from './promql.js';

/** Requests that open a session, of vendors whose file names such paths: at least `minimum` of them lately. */
export function sessionRequests(promql: PromQL, matchers: string, minimum: number): string {
  const files = promql.scope.catalogue.files.filter(({ session_routes }) => session_routes !== undefined);
  const vendors = files.map(({ vendor }) => vendor).join('|');
  const routes = files
    .flatMap(({ session_routes }) => session_routes!)
    .map(asPattern)
    .join('|');
  return promql.atLeast(
    minimum,
    LEDGER_METRICS.route,
    ['source', 'vendor'],
    'medium',
    `vendor=~"${vendors}", method="POST", route=~"${routes}", ${matchers}`,
  );
}

/** A template as a pattern inside a PromQL string, where a backslash is written twice. */
const asPattern = (route: string): string => route.replace(/[{}.]/g, '\\\\$&');
