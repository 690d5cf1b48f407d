import * as bytesOf from '../ascii.js';
import { byteAt, wordEnd } from '../byte-search.js';
import { clfTimeStart, requestLineStart } from '../clf-head.js';
import { clientAttempt } from '../client-attempt.js';
import { ClfClock } from '../clock-text.js';
import { UNREADABLE, scaledDecimal } from '../decimal.js';
import { DecodedTexts } from '../decoded-texts.js';
import { type LineReader, type TextFormat, NO_STATUS, outcomeIndex } from '../format.js';
import { methodIndex } from '../method-text.js';
import { ABSENT, NOT_LOGGED, type Request, type Text } from '../request.js';
import { NO_METHOD, methodEnd, protocolStart } from '../request-line.js';
import { retryAfterSeconds } from '../retry-after.js';
import { startAtTime, startBeforeEnd } from '../start-time.js';
import { readStatus } from '../status-text.js';

const { BACKSLASH, DASH, DOT, QUOTE } = bytesOf; // V8 folds a module's own constants, not imported ones

const MALFORMED_LINE = outcomeIndex('malformed_line');
const TRUNCATED = outcomeIndex('truncated');
const COMMA = 0x2c;
const HTTP_DATE_LENGTH = 29;

/**
 * `host ident user [time] "request" status bytes "referer" "agent"`, then perhaps a duration, Retry-After, host, size
 * of the request, Location, Idempotency-Key and attempt. `common` is the same without the quoted two, `vhost_combined`
 * has one more word in front.
 *
 * The byte count is not taken: Debian's Apache counts the headers in (%O), nginx does not, and the line cannot tell.
 */
class CombinedReader implements LineReader {
  private readonly decoded = new DecodedTexts();
  /** Whether a quoted text of the line holds a backslash. */
  private escaped = false;
  private readonly clock = new ClfClock();

  read(bytes: Uint8Array, start: number, end: number, request: Request): number {
    request.reset();
    this.decoded.reset();
    this.escaped = false;
    const time = clfTimeStart(bytes, start, end);
    if (time < 0) return MALFORMED_LINE;
    this.readWho(bytes, start, time - 2, request);
    const timeMs = this.clock.read(bytes, time);
    request.timeMs = timeMs === UNREADABLE ? NOT_LOGGED : timeMs;

    const line = requestLineStart(time);
    const lineEnd = this.quoteEnd(bytes, line, end);
    if (lineEnd >= end) return TRUNCATED;
    this.readRequestLine(bytes, line, lineEnd, request);

    const status = lineEnd + 2;
    const statusEnd = wordEnd(bytes, status, end);
    if (statusEnd >= end) return TRUNCATED; // there is always a byte count behind it: this one was cut
    const outcome = readStatus(bytes, status, statusEnd, request);
    startAtTime(request);
    if (outcome <= NO_STATUS) this.readTail(bytes, wordEnd(bytes, statusEnd + 1, end) + 1, end, request);
    return outcome;
  }

  private readWho(bytes: Uint8Array, start: number, end: number, request: Request): void {
    let client = start;
    let clientEnd = wordEnd(bytes, client, end);
    let ident = clientEnd + 1;
    let identEnd = wordEnd(bytes, ident, end);
    const hasVirtualHost = bytes[ident] !== DASH && identEnd < end && wordEnd(bytes, identEnd + 1, end) < end;
    if (hasVirtualHost) {
      request.host.set(bytes, client, clientEnd);
      client = ident;
      clientEnd = identEnd;
      ident = clientEnd + 1;
      identEnd = wordEnd(bytes, ident, end);
    }
    request.client.set(bytes, client, clientEnd);
    if (identEnd < end) this.setText(bytes, identEnd + 1, end, request.consumer);
  }

  /** Garbage in place of a request (a TLS hello, an empty line) leaves method and path absent; it has a status. */
  private readRequestLine(bytes: Uint8Array, start: number, end: number, request: Request): void {
    request.method = ABSENT;
    request.path.unset(ABSENT);
    const afterMethod = methodEnd(bytes, start, end);
    if (afterMethod === NO_METHOD) return;
    request.method = methodIndex(bytes, start, afterMethod);
    this.setQuoted(bytes, afterMethod + 1, protocolStart(bytes, afterMethod + 1, end), request.path);
  }

  private readTail(bytes: Uint8Array, start: number, end: number, request: Request): void {
    if (start >= end || bytes[start] !== QUOTE) return;
    const refererEnd = this.quoteEnd(bytes, start + 1, end);
    const agent = refererEnd + 3;
    if (agent > end || bytes[agent - 1] !== QUOTE) return;
    const agentEnd = this.quoteEnd(bytes, agent, end);
    this.setQuoted(bytes, agent, agentEnd, request.userAgent);
    if (agentEnd + 2 < end) this.readExtras(bytes, agentEnd + 2, end, request);
  }

  /** `2169 30 host …`: no format is standard here, so what does not begin with a bare number is left alone. */
  private readExtras(bytes: Uint8Array, start: number, end: number, request: Request): void {
    const durationEnd = wordEnd(bytes, start, end);
    const duration = durationMicros(bytes, start, durationEnd);
    const after = durationEnd + 1;
    const afterEnd = retryAfterEnd(bytes, after, end);
    const isOther = afterEnd + 1 < end && bytes[afterEnd + 1] === QUOTE; // Traefik: a count and two quoted texts
    if (duration === UNREADABLE || isOther) return;
    request.durationMicros = duration;
    // Apache logs whole microseconds and when the request began, nginx seconds with a point and when it ended
    if (byteAt(DOT, bytes, start, durationEnd) < durationEnd) startBeforeEnd(request);
    if (durationEnd >= end) return;
    const inside = bytes[after] === QUOTE ? 1 : 0;
    request.retryAfter =
      afterEnd - after === 1 + 2 * inside && bytes[after + inside] === DASH
        ? ABSENT
        : retryAfterSeconds(bytes, after + inside, afterEnd - inside, request.timeMs);
    if (afterEnd >= end) return;
    const hostEnd = wordEnd(bytes, afterEnd + 1, end);
    this.setText(bytes, afterEnd + 1, hostEnd, request.host);
    if (hostEnd < end) this.readCaller(bytes, hostEnd + 1, end, request);
  }

  /** `351 "/jobs/7" "key" "2"`: the size of the request, where the answer points to, and what retries are known by. */
  private readCaller(bytes: Uint8Array, start: number, end: number, request: Request): void {
    const sizeEnd = wordEnd(bytes, start, end);
    const size = scaledDecimal(bytes, start, sizeEnd, 0);
    const isNone = sizeEnd - start === 1 && bytes[start] === DASH;
    if (size === UNREADABLE && !isNone) return;
    request.requestBytes = isNone ? ABSENT : size;
    const location = sizeEnd + 2;
    const locationEnd = this.quotedEnd(bytes, location, end);
    if (locationEnd < end) this.setText(bytes, location, locationEnd, request.location);
    const key = locationEnd + 3;
    const keyEnd = this.quotedEnd(bytes, key, end);
    if (keyEnd < end) this.setText(bytes, key, keyEnd, request.idempotencyKey);
    const attempt = keyEnd + 3;
    const attemptEnd = this.quotedEnd(bytes, attempt, end);
    if (attemptEnd < end) request.attempt = attemptIn(bytes, attempt, attemptEnd);
  }

  /** The end of a quoted text that begins before `start`; `end` if there is none, or not all of it. */
  private quotedEnd(bytes: Uint8Array, start: number, end: number): number {
    return start < end && bytes[start - 1] === QUOTE ? this.quoteEnd(bytes, start, end) : end;
  }

  /** The quote that closes a text, or `end`; notes whether there are escapes on the way. */
  private quoteEnd(bytes: Uint8Array, start: number, end: number): number {
    for (let i = start; i < end; i++) {
      const byte = bytes[i];
      if (byte === QUOTE) return i;
      if (byte === BACKSLASH) {
        this.escaped = true;
        i++;
      }
    }
    return end;
  }

  /** A text between quotes: their search has told already whether anything is escaped. */
  private setQuoted(bytes: Uint8Array, start: number, end: number, text: Text): void {
    const isPlain = !this.escaped && end - start > 1;
    if (isPlain) text.set(bytes, start, end);
    else this.setText(bytes, start, end, text);
  }

  /** A text that may be `-` or hold escapes: `\x22` of nginx, `\"` of Apache. */
  private setText(bytes: Uint8Array, start: number, end: number, text: Text): void {
    if (end <= start || (end - start === 1 && bytes[start] === DASH)) {
      text.unset(ABSENT);
      return;
    }
    text.set(bytes, start, end);
    for (let i = start; i < end; i++) {
      if (bytes[i] === BACKSLASH) {
        this.decoded.decode(bytes, start, end, text);
        return;
      }
    }
  }
}

/** Apache's %D is whole microseconds, nginx's $request_time seconds with a point. */
function durationMicros(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) if (bytes[i] === DOT) return scaledDecimal(bytes, start, end, 6);
  return scaledDecimal(bytes, start, end, 0);
}

/** `-`, or what a client says of its attempt. */
function attemptIn(bytes: Uint8Array, start: number, end: number): number {
  if (end - start === 1 && bytes[start] === DASH) return ABSENT;
  const attempt = clientAttempt(bytes, start, end);
  return attempt === UNREADABLE ? NOT_LOGGED : attempt;
}

/** A bare word, a quoted text, or a bare date, which holds spaces. */
function retryAfterEnd(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] === QUOTE) return Math.min(byteAt(QUOTE, bytes, start + 1, end) + 1, end);
  if (bytes[start + 3] === COMMA) return Math.min(start + HTTP_DATE_LENGTH, end);
  return wordEnd(bytes, start, end);
}

export const combined: TextFormat = {
  name: 'combined',
  about: 'The combined and common logs of nginx and Apache; they do not show who made a status.',
  kind: 'text',
  origins: ['unknown'],
  reader: () => new CombinedReader(),
};
