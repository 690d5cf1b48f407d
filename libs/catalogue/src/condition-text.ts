import type { Condition, Literal } from './conditions.js';
import type { PathTemplate } from './path-template.js';

/** Evidence in words: `method GET or HEAD`, `no Retry-After`. */
export function literalText({ condition, negated }: Literal): string {
  const { yes, no } = wordsOf(condition);
  return negated ? (no ?? `not ${yes}`) : yes;
}

/** `no` where "not" before the words would read badly. */
function wordsOf(condition: Condition): { yes: string; no?: string } {
  switch (condition.kind) {
    case 'method':
      return { yes: `method ${condition.methods.join(' or ')}` };
    case 'operation':
      return {
        yes: condition.operations.map(({ method, path }) => `${method} ${pathText(path)}`).join(' or '),
      };
    case 'model':
      return { yes: `model ${modelText(condition.pattern)}` };
    case 'content_type':
      return { yes: `content type ${condition.mediaType}` };
    case 'error_code':
      return {
        yes: `error code ${[...condition.exact, ...condition.prefixes.map((text) => `${text}*`)].join(' or ')}`,
      };
    case 'after_job':
      return { yes: `after a ${condition.method} job in state ${condition.state}` };
    default:
      return PRESENCE[condition.kind];
  }
}

const PRESENCE = {
  retry_after: { yes: 'Retry-After', no: 'no Retry-After' },
  timeout_param: { yes: 'a timeout parameter', no: 'no timeout parameter' },
  if_match: { yes: 'If-Match', no: 'no If-Match' },
  if_none_match: { yes: 'If-None-Match', no: 'no If-None-Match' },
  blank_body: { yes: 'a blank body', no: 'a body that is not blank' },
  partial_success: { yes: 'members that succeeded', no: 'no members that succeeded' },
  failed_results: { yes: 'failed results', no: 'no failed results' },
  succeeded_results: { yes: 'succeeded results', no: 'no succeeded results' },
} as const;

const pathText = (path: PathTemplate): string => path.map((segment) => `/${segment ?? '{}'}`).join('');

/** The names of a model set, back from its regular expression. */
const modelText = (pattern: string): string =>
  pattern
    .replace('(?:^|\\s)(?:', '')
    .replace(/\)\$$/, '')
    .split('|')
    .map((one) => one.replaceAll('\\S*', '*').replace(/\\(.)/g, '$1'))
    .join(' or ');
