import * as bytesOf from './ascii.js';
import { methodIndex } from './method-text.js';
import { ABSENT, type Request, type Text } from './request.js';
import { NO_METHOD, methodEnd, protocolStart } from './request-line.js';

const { DASH } = bytesOf; // V8 folds a module's own constants, not imported ones

/** A text of a log that escapes nothing; `-` or nothing at all says that there was none. */
export function setPlainText(bytes: Uint8Array, start: number, end: number, text: Text): void {
  if (end <= start || (end - start === 1 && bytes[start] === DASH)) text.unset(ABSENT);
  else text.set(bytes, start, end);
}

/** `GET /x HTTP/1.1`; a request that could not be read is logged as `- - HTTP/1.1`. */
export function readPlainRequestLine(bytes: Uint8Array, start: number, end: number, request: Request): void {
  request.method = ABSENT;
  request.path.unset(ABSENT);
  const afterMethod = methodEnd(bytes, start, end);
  if (afterMethod === NO_METHOD) return;
  if (bytes[start] !== DASH) request.method = methodIndex(bytes, start, afterMethod);
  setPlainText(bytes, afterMethod + 1, protocolStart(bytes, afterMethod + 1, end), request.path);
}
