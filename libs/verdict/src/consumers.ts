import { NOT_LOGGED } from '#access-log';
import { OTHER } from '#metric-names';
import { globMatcher } from './glob.js';
import { bytesOf, equals } from './text-match.js';
import type { Consumers } from './who-is-hit.js';

/** A consumer that the settings know, by its user name or by its user agent; a final `*` stands for any rest. */
export interface KnownConsumer {
  readonly name: string;
  readonly user?: string | undefined;
  readonly userAgent?: string | undefined;
}

/**
 * The first that fits; a consumer of which both are given must have both. Without any, no consumers are told apart.
 * Of a reduced line ingest has told which one it is.
 */
export function consumersOf(known: readonly KnownConsumer[]): Consumers {
  const tests = known.map(({ name, user, userAgent }) => ({
    name: bytesOf(name),
    isUser: user === undefined ? undefined : globMatcher(user),
    isAgent: userAgent === undefined ? undefined : globMatcher(userAgent),
  }));
  return {
    names: known.length === 0 ? [] : [...known.map(({ name }) => name), OTHER],
    of(request) {
      if (request.knownConsumer.start !== NOT_LOGGED) {
        const told = tests.findIndex(({ name }) => equals(request.knownConsumer, name));
        return told < 0 ? tests.length : told;
      }
      for (let i = 0; i < tests.length; i++) {
        const { isUser, isAgent } = tests[i]!;
        if (isUser?.(request.consumer) === false || isAgent?.(request.userAgent) === false) continue;
        return i;
      }
      return tests.length;
    },
  };
}
