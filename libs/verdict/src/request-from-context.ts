import {
  ABSENT,
  BY_GATEWAY,
  BY_UNKNOWN,
  BY_VENDOR,
  METHODS,
  NOT_LOGGED,
  OTHER_METHOD,
  Request,
  type Text,
} from '#access-log';
import type { Context, Origin } from '#catalogue';
import { bytesOf } from './text-match.js';

const MADE_BY_INDEX: Readonly<Record<Origin, number>> = {
  vendor: BY_VENDOR,
  gateway: BY_GATEWAY,
  unknown: BY_UNKNOWN,
};

/** A request as `statuslens classify` and the examples of vendor files give it: a status and what is known besides. */
export function requestFromContext(code: number, context: Context, origin: Origin): Request {
  const request = new Request();
  request.code = code;
  request.origin = MADE_BY_INDEX[origin];
  request.method = methodIndex(context.method);
  request.retryAfter = number(context.retry_after);
  request.timeoutParam = number(context.timeout_param);
  request.bodyBytes = number(context.body_bytes);
  request.complete = number(context.complete, 0);
  request.partialSuccess = number(context.partialSuccessResponses);
  request.succeededResults = number(context.results === null ? null : context.results?.success);
  request.failedResults = number(context.results === null ? null : context.results?.failed);
  request.afterJob = context.after_job;
  setText(request.path, context.path);
  setText(request.model, context.model);
  setText(request.contentType, context.content_type);
  setText(request.errorCode, context.error_code);
  setText(request.ifMatch, context.if_match);
  setText(request.ifNoneMatch, context.if_none_match);
  return request;
}

const methodIndex = (method: string | null | undefined): number => {
  if (method === undefined) return NOT_LOGGED;
  if (method === null) return ABSENT;
  const index = (METHODS as readonly string[]).indexOf(method);
  return index < 0 ? OTHER_METHOD : index;
};

/** `null` and `false` are absent, `true` is present without a number. */
function number(value: number | boolean | null | undefined, ifFalse = ABSENT): number {
  if (value === undefined) return NOT_LOGGED;
  if (value === null || value === false) return ifFalse;
  return value === true ? 1 : value;
}

function setText(text: Text, value: string | boolean | null | undefined): void {
  if (value === undefined) return;
  if (value === null || value === false) return text.unset(ABSENT);
  const bytes = bytesOf(value === true ? '*' : value);
  text.set(bytes, 0, bytes.length);
}
