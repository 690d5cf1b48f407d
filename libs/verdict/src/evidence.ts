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
const isNone = (value: number): boolean => value === 0;
const isThere = (): boolean => true;

/**
 * One row a kind of condition: what to compute once, and what to ask of each request. Tests are made once, too: a closure
 * for each request would be garbage of each line.
 */
const EVIDENCE: { readonly [K in Kind]: (condition: ConditionOf<K>) => Evidence } = {
  method: ({ methods }) => {
    const wanted = new Set<number>(methods.map((method) => METHODS.indexOf(method)));
    const isWanted = (method: number): boolean => wanted.has(method);
    return (request) => ofNumber(request.method, isWanted);
  },
  operation: ({ operations }) => {
    const any = anyOperation(operations.map(operationEvidence));
    const methods = operations.reduce((bits, { method }) => bits | (1 << METHODS.indexOf(method)), 0);
    // most requests have another method, which is all there is to know
    return (request) =>
      request.method >= 0 && (methods & (1 << request.method)) === 0 ? FALSE : any(request);
  },
  model: ({ pattern }) => {
    const models = new RegExp(pattern, 'i');
    const isModel = (model: Text): boolean => models.test(model.toString());
    return (request) => ofText(request.model, isModel);
  },
  content_type: ({ mediaType }) => {
    const wanted = bytesOf(mediaType);
    const isWanted = (type: Text): boolean => isMediaType(type, wanted);
    return (request) => ofText(request.contentType, isWanted);
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
    request.complete === 0 || request.complete === ABSENT ? FALSE : ofNumber(request.bodyBytes, isNone),
  partial_success: () => (request) => ofNumber(request.partialSuccess, isSome),
  failed_results: () => (request) => ofNumber(request.failedResults, isSome),
  succeeded_results: () => (request) => ofNumber(request.succeededResults, isSome),
  error_code: ({ exact, prefixes }) => {
    const codes = exact.map(bytesOf);
    const starts = prefixes.map(bytesOf);
    const isOne = (code: Text): boolean =>
      codes.some((c) => equals(code, c)) || starts.some((s) => startsWith(code, s));
    return (request) => ofText(request.errorCode, isOne);
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
  const isWanted = (value: number): boolean => value === wanted;
  const fits = (text: Text): boolean => hasShape(text, template);
  return (request) => {
    const isMethod = ofNumber(request.method, isWanted);
    return isMethod === FALSE ? FALSE : and(isMethod, ofText(request.path, fits));
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
