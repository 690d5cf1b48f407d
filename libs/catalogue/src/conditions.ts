import { z } from 'zod';
import { FALSE, TRUE, UNKNOWN, and, truth, type Context, type Truth } from './context.js';
import { matchesTemplate, parsePathTemplate, type PathTemplate } from './path-template.js';

export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** A condition after compilation: plain data, evaluated here over JSON and in #verdict over bytes. */
export type Condition =
  | { readonly kind: 'method'; readonly methods: readonly HttpMethod[] }
  | { readonly kind: 'operation'; readonly operations: readonly Operation[] }
  | { readonly kind: 'model'; readonly pattern: string }
  | { readonly kind: 'content_type'; readonly mediaType: string }
  | { readonly kind: 'retry_after' | 'timeout_param' | 'if_match' | 'if_none_match' }
  | { readonly kind: 'blank_body' | 'partial_success' | 'failed_results' | 'succeeded_results' }
  | { readonly kind: 'error_code'; readonly exact: readonly string[]; readonly prefixes: readonly string[] }
  | { readonly kind: 'after_job'; readonly method: string; readonly state: string };

/** A method on a path, such as `POST /v1.0/{project_id}/instances/{instance_id}/extend`. */
export interface Operation {
  readonly method: HttpMethod;
  readonly path: PathTemplate;
}

/** A condition and the value it must have. */
export interface Literal {
  readonly condition: Condition;
  readonly negated: boolean;
}

const presence = z.enum(['present', 'absent']);
const quantity = z.enum(['some', 'none']);

const conditionShape = {
  method: z.array(z.enum(HTTP_METHODS)).min(1).describe('the request method is one of these').optional(),
  operation: z
    .array(
      z
        .string()
        .regex(
          new RegExp(`^(${HTTP_METHODS.join('|')}) /\\S*$`),
          'must be a method and a path template, such as "POST /v1/{id}/extend"',
        ),
    )
    .min(1)
    .describe('method and path template of the request; {name} stands for one path segment')
    .optional(),
  model: z.string().describe('name of a set in `models`: the device is one of these models').optional(),
  content_type: z.string().describe('media type of the response body').optional(),
  retry_after: presence.describe('the Retry-After header of the vendor’s answer').optional(),
  timeout_param: presence.describe('a timeout parameter in the request').optional(),
  if_match: presence.describe('the If-Match header of the request').optional(),
  if_none_match: presence.describe('the If-None-Match header of the request').optional(),
  body: z.literal('blank').describe('a complete response with a body of no bytes').optional(),
  error_code: z
    .array(z.string().min(1))
    .min(1)
    .describe('the error code in the response body is one of these; a final * matches any rest')
    .optional(),
  partial_success: quantity.describe('members in partialSuccessResponses').optional(),
  failed_results: quantity.describe('failed entries in results').optional(),
  succeeded_results: quantity.describe('successful entries in results').optional(),
  after_job: z
    .strictObject({ method: z.enum(HTTP_METHODS), state: z.string() })
    .describe('the request reads the resource of a job that ended in this state')
    .optional(),
};

/** What a `when:` may hold; all of it must be true. `not:` holds conditions none of which may be true. */
export const whenSchema = z
  .strictObject({
    ...conditionShape,
    not: z.strictObject(conditionShape).describe('none of these holds').optional(),
  })
  .refine((when) => Object.keys(when).length > 0, 'must name at least one condition');
export type When = z.infer<typeof whenSchema>;

/** The literals of a `when:`. `models` maps the names of model sets to regular expressions. */
export function literalsOf(when: When, models: ReadonlyMap<string, string>): Literal[] {
  const { not = {}, ...conditions } = when;
  return [
    ...literals(conditions, models),
    ...literals(not, models).map((literal) => ({ ...literal, negated: !literal.negated })),
  ];
}

function literals(when: Omit<When, 'not'>, models: ReadonlyMap<string, string>): Literal[] {
  const found: Literal[] = [];
  const add = (condition: Condition, negated = false): void => void found.push({ condition, negated });
  if (when.partial_success) add({ kind: 'partial_success' }, when.partial_success === 'none');
  if (when.failed_results) add({ kind: 'failed_results' }, when.failed_results === 'none');
  if (when.succeeded_results) add({ kind: 'succeeded_results' }, when.succeeded_results === 'none');
  if (when.error_code) add(errorCodes(when.error_code));
  if (when.after_job) add({ kind: 'after_job', ...when.after_job });
  if (when.body) add({ kind: 'blank_body' });
  if (when.content_type) add({ kind: 'content_type', mediaType: when.content_type });
  if (when.model !== undefined) add({ kind: 'model', pattern: models.get(when.model) ?? '' });
  if (when.method) add({ kind: 'method', methods: when.method });
  if (when.operation) add({ kind: 'operation', operations: when.operation.map(parseOperation) });
  for (const kind of ['retry_after', 'timeout_param', 'if_match', 'if_none_match'] as const)
    if (when[kind]) add({ kind }, when[kind] === 'absent');
  return found;
}

/** Exact codes and the prefixes of those that end in `*`. */
export function errorCodes(codes: readonly string[]): Extract<Condition, { kind: 'error_code' }> {
  return {
    kind: 'error_code',
    exact: codes.filter((code) => !code.endsWith('*')),
    prefixes: codes.filter((code) => code.endsWith('*')).map((code) => code.slice(0, -1)),
  };
}

function parseOperation(text: string): Operation {
  const [method, path] = text.split(' ') as [HttpMethod, string];
  return { method, path: parsePathTemplate(path) };
}

/** Whether a condition holds in a context. This is the plain reading that the fast one is tested against. */
export function holds(condition: Condition, context: Context): Truth {
  switch (condition.kind) {
    case 'method':
      return known(context.method, (method) => (condition.methods as readonly string[]).includes(method));
    case 'operation':
      return condition.operations.map((operation) => isOperation(operation, context)).reduce(or, FALSE);
    case 'model':
      return known(context.model, (model) => new RegExp(condition.pattern, 'i').test(model));
    case 'content_type':
      return known(context.content_type, (type) => mediaType(type) === condition.mediaType);
    case 'retry_after':
    case 'if_match':
    case 'if_none_match':
      return present(context[condition.kind]);
    case 'timeout_param':
      return hasTimeoutInQuery(context.path) ? TRUE : present(context.timeout_param);
    case 'blank_body':
      if (context.complete === false || context.complete === null) return FALSE;
      return context.body_bytes === undefined ? UNKNOWN : truth(context.body_bytes === 0);
    case 'partial_success':
      return known(context.partialSuccessResponses, (members) => members > 0);
    case 'failed_results':
      return known(context.results, (results) => results.failed > 0);
    case 'succeeded_results':
      return known(context.results, (results) => results.success > 0);
    case 'error_code':
      return known(
        context.error_code,
        (code) =>
          condition.exact.includes(code) || condition.prefixes.some((prefix) => code.startsWith(prefix)),
      );
    case 'after_job':
      return known(
        context.after_job,
        (job) => job.method === condition.method && job.state === condition.state,
      );
  }
}

const or = (a: Truth, b: Truth): Truth =>
  a === TRUE || b === TRUE ? TRUE : a === UNKNOWN || b === UNKNOWN ? UNKNOWN : FALSE;

const known = <T>(value: T | null | undefined, test: (value: T) => boolean): Truth =>
  value === undefined ? UNKNOWN : truth(value !== null && test(value));

const present = (value: unknown): Truth =>
  value === undefined ? UNKNOWN : truth(value !== null && value !== false);

const mediaType = (type: string): string => type.split(';', 1)[0]!.trim().toLowerCase();

const hasTimeoutInQuery = (path: string | null | undefined): boolean =>
  queryOf(path ?? '')
    .split('&')
    .some((parameter) => parameter.split('=', 1)[0]!.toLowerCase() === 'timeout');

const queryOf = (path: string): string => (path.includes('?') ? path.slice(path.indexOf('?') + 1) : '');

const isOperation = (operation: Operation, context: Context): Truth =>
  and(
    known(context.method, (method) => method === operation.method),
    known(context.path, (path) => matchesTemplate(operation.path, path)),
  );
