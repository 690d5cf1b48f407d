import type { Request } from '#access-log';
import { globMatcher } from './glob.js';
import { pathOf } from './text-match.js';

/** Requests that are no traffic of callers: probes and scanners. Any rule that fits is enough. */
export interface IgnoreRules {
  /** Paths without their query; a final `*` stands for any rest. */
  readonly paths: readonly string[];
  readonly userAgents: readonly string[];
  /** Whether an address of a client is in an ignored range; undefined where none is. */
  readonly hasAddress?: ((address: string) => boolean) | undefined;
}

export function ignoring({ paths, userAgents, hasAddress }: IgnoreRules): (request: Request) => boolean {
  const isPath = paths.map(globMatcher);
  const isAgent = userAgents.map(globMatcher);
  return (request) => {
    if (isPath.length > 0 && request.path.present) {
      const path = pathOf(request.path);
      if (isPath.some((is) => is(path))) return true;
    }
    if (isAgent.some((is) => is(request.userAgent))) return true;
    return hasAddress !== undefined && request.client.present && hasAddress(request.client.toString());
  };
}
