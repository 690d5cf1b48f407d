import { ABSENT, METHODS, NOT_LOGGED, type Request, type Text } from '#access-log';
import { FALSE, TRUE, UNKNOWN, and, truth, type Condition, type Operation, type Truth } from '#catalogue';
import { bytesOf, equals, hasQueryParameter, hasShape, isMediaType, startsWith } from './text-match.js';

/** Whether a condition of a vendor file holds for a request: `holds` of #catalogue, over bytes. */
export type Evidence = (request: Request) => Truth;

type Kind = Condition['kind'];
type ConditionOf<K extends Kind> = Extract<Condition, { kind: K }>;

/** The query parameter with which callers set a timeout. */
export const TIMEOUT_PARAMETER = 'timeout';
const TIMEOUT = [bytesOf(TIMEOUT_PARAMETER)];

const ofNumber = (value: number, test: (value: number) => boolean): Truth =>
  value === NOT_LOGGED ? UNKNOWN : truth(value !== ABSENT && test(value));

const ofText = (text: Text, test: (text: Text) => boolean): Truth =>
  text.start === NOT_LOGGED ? UNKNOWN : truth(text.present && test(text));

const isSome = (value: number): boolean => value > 0;
const isThere = (): boolean => true;

/** One row a kind of condition: what to compute once, and what to ask of each request. */
const EVIDENCE: { readonly [K in Kind]: (condition: ConditionOf<K>) => Evidence } = {
  method: ({ methods }) => {
    const wanted = new Set<number>(methods.map((method) => METHODS.indexOf(method)));
    return (request) => ofNumber(request.method, (method) => wanted.has(method));
  },
  operation: ({ operations }) => anyOperation(operations.map(operationEvidence)),
  model: ({ pattern }) => {
    const models = new RegExp(pattern, 'i');
    return (request) => ofText(request.model, (model) => models.test(model.toString()));
  },
  content_type: ({ mediaType }) => {
    const wanted = bytesOf(mediaType);
    return (request) => ofText(request.contentType, (type) => isMediaType(type, wanted));
  },
  retry_after: () => (request) => ofNumber(request.retryAfter, isThere),
  if_match: () => (request) => ofText(request.ifMatch, isThere),
  if_none_match: () => (request) => ofText(request.ifNoneMatch, isThere),
  timeout_param: () => (request) =>
    request.path.present && hasQueryParameter(request.path, TIMEOUT)
      ? TRUE
      : ofNumber(request.timeoutParam, isSome),
  // A response that was cut off is no evidence of a blank one.
  blank_body: () => (request) =>
    request.complete === 0 || request.complete === ABSENT
      ? FALSE
      : ofNumber(request.bodyBytes, (bytes) => bytes === 0),
  partial_success: () => (request) => ofNumber(request.partialSuccess, isSome),
  failed_results: () => (request) => ofNumber(request.failedResults, isSome),
  succeeded_results: () => (request) => ofNumber(request.succeededResults, isSome),
  error_code: ({ exact, prefixes }) => {
    const codes = exact.map(bytesOf);
    const starts = prefixes.map(bytesOf);
    return (request) =>
      ofText(
        request.errorCode,
        (code) => codes.some((c) => equals(code, c)) || starts.some((s) => startsWith(code, s)),
      );
  },
  // No gateway logs the outcome of a job; the body of an earlier answer holds it.
  after_job: (condition) => (request) =>
    request.afterJob === undefined
      ? UNKNOWN
      : truth(request.afterJob?.method === condition.method && request.afterJob.state === condition.state),
};

/** Prepares a condition for many requests. */
export const evidenceFor = (condition: Condition): Evidence =>
  (EVIDENCE[condition.kind] as (condition: Condition) => Evidence)(condition);

function operationEvidence({ method, path }: Operation): Evidence {
  const wanted = METHODS.indexOf(method);
  const template = path.map((segment) => (segment === null ? null : bytesOf(segment)));
  return (request) => {
    const isMethod = ofNumber(request.method, (value) => value === wanted);
    if (isMethod === FALSE) return FALSE;
    return and(
      isMethod,
      ofText(request.path, (text) => hasShape(text, template)),
    );
  };
}

const anyOperation =
  (operations: readonly Evidence[]): Evidence =>
  (request) => {
    let result: Truth = FALSE;
    for (const operation of operations) {
      const value = operation(request);
      if (value === TRUE) return TRUE;
      if (value === UNKNOWN) result = UNKNOWN;
    }
    return result;
  };
