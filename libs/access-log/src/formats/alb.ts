import { authorityStart } from '../absolute-form.js';
import * as bytesOf from '../ascii.js';
import { ascii, equalsAscii } from '../ascii.js';
import { isAnybody, keepAttempts } from '../attempts.js';
import { byteAt } from '../byte-search.js';
import { isoTime } from '../clock-text.js';
import { UNREADABLE, scaledDecimal, wholeNumber } from '../decimal.js';
import { type LineReader, type TextFormat, NO_STATUS, outcomeIndex } from '../format.js';
import {
  CLIENT_CLOSED,
  UNSPECIFIED,
  UPSTREAM_TIMEOUT,
  UPSTREAM_UNREACHABLE,
  byGateway,
  causeWithoutUpstream,
} from '../gateway-cause.js';
import { methodIndex } from '../method-text.js';
import { setPlainText } from '../plain-text.js';
import { ABSENT, BY_VENDOR, NOT_LOGGED, type Request } from '../request.js';
import { NO_METHOD, methodEnd, protocolStart } from '../request-line.js';
import { SpacedFields } from '../spaced-fields.js';
import { startBeforeEnd } from '../start-time.js';
import { readStatus } from '../status-text.js';

const { CLOSE_BRACKET, COLON, COMMA, DASH, OPEN_BRACKET, SLASH } = bytesOf; // V8 folds a module's own constants, not imported ones

const MALFORMED_LINE = outcomeIndex('malformed_line');
const TRUNCATED = outcomeIndex('truncated');
const MICROS = 6;
/** A client that left before it had the answer. */
const CLIENT_LEFT = 460;
const FORWARD = ascii('forward');
/** `Lambda…`: reasons that are the target's; all others are the load balancer's own. */
const UPPER_L = 0x4c;

/**
 * `type time balancer client:port target:port time time time status target-status received sent "request" "agent"
 * cipher protocol group "trace" "domain" "certificate" rule creation-time "actions" "redirect" "error reason" …`;
 * AWS adds fields at the end. The bytes that were sent are not taken: they count the headers in.
 *
 * The time is that of the answer, field 2: it is the status's own, and a line that was cut still has it. When the
 * request came is behind the rule; of a line that was cut it is the time before the durations.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
class AlbReader implements LineReader {
  private readonly field = new SpacedFields();

  read(bytes: Uint8Array, start: number, end: number, request: Request): number {
    request.reset();
    const { field } = this;
    field.begin(bytes, start, end);
    field.skip(1);
    field.next();
    const timeMs = isoTime(bytes, field.start, field.end);
    if (timeMs === UNREADABLE) return MALFORMED_LINE;
    request.timeMs = timeMs;
    field.skip(1);
    field.next();
    readClient(bytes, field.start, field.end, request);
    field.skip(1);
    if (!this.readDuration(bytes, request)) return field.isWhole ? MALFORMED_LINE : TRUNCATED;

    field.next();
    if (!field.isWhole) return TRUNCATED; // there is always a target's status behind it: this one was cut
    const outcome = readStatus(bytes, field.start, field.end, request);
    startBeforeEnd(request);
    if (outcome <= NO_STATUS) this.readTail(bytes, request);
    return outcome;
  }

  /** The sum of three times; `-1` where the target was never reached or never answered. */
  private readDuration(bytes: Uint8Array, request: Request): boolean {
    const { field } = this;
    let sum = 0;
    for (let i = 0; i < 3; i++) {
      field.next();
      const isFailed = bytes[field.start] === DASH;
      const micros = isFailed ? ABSENT : scaledDecimal(bytes, field.start, field.end, MICROS);
      if (!field.isWhole || (micros === UNREADABLE && !isFailed)) return false;
      sum = sum < 0 || micros < 0 ? ABSENT : sum + micros;
    }
    request.durationMicros = sum;
    return true;
  }

  /** From the target's status on; it counts only if it is whole. */
  private readTail(bytes: Uint8Array, request: Request): void {
    const { field } = this;
    field.next();
    if (!field.isWhole) return;
    const isAnswered = isAnybody(bytes, field.start, field.end);
    const ofTarget = wholeNumber(bytes, field.start, field.end);
    if (ofTarget === request.code) request.origin = BY_VENDOR;
    else if (isAnswered) {
      keepAttempts(bytes, field.start, field.end, request);
      byGateway(request, request.code === CLIENT_LEFT ? CLIENT_CLOSED : UNSPECIFIED);
    }
    this.readRequest(bytes, request);
    this.readCreation(bytes, request);
    if (!isAnswered) byGateway(request, this.causeOfSilence(bytes, request.code));
  }

  /** From the certificate on. */
  private readCreation(bytes: Uint8Array, request: Request): void {
    const { field } = this;
    field.skip(2);
    field.next();
    const startMs = field.isWhole ? isoTime(bytes, field.start, field.end) : UNREADABLE;
    if (startMs !== UNREADABLE) request.startMs = startMs;
  }

  private readRequest(bytes: Uint8Array, request: Request): void {
    const { field } = this;
    field.next();
    const received = field.isWhole ? scaledDecimal(bytes, field.start, field.end, 0) : UNREADABLE;
    request.requestBytes = received === UNREADABLE ? NOT_LOGGED : received;
    field.skip(1);
    field.next();
    if (field.isWhole) readRequestLine(bytes, field.start, field.end, request);
    field.next();
    if (field.isWhole) setPlainText(bytes, field.start, field.end, request.userAgent);
    field.skip(3);
    field.next();
    if (field.isWhole) setPlainText(bytes, field.start, field.end, request.requestId);
    field.next();
    const isNamed = field.isWhole && isAnybody(bytes, field.start, field.end);
    if (isNamed && !request.host.present) request.host.set(bytes, field.start, field.end);
  }

  /** Why there is no status of a target, from the actions on: the last action is the one that answered. */
  private causeOfSilence(bytes: Uint8Array, code: number): number {
    const { field } = this;
    field.next();
    let last = field.end;
    while (last > field.start && bytes[last - 1] !== COMMA) last--;
    const isOther = isAnybody(bytes, last, field.end) && !equalsAscii(bytes, last, field.end, FORWARD);
    const isOwnAction = field.isWhole && isOther;
    field.skip(1);
    field.next();
    const hasReason = field.isWhole && isAnybody(bytes, field.start, field.end);
    const isOwnReason = hasReason && bytes[field.start] !== UPPER_L;
    if (code === CLIENT_LEFT) return CLIENT_CLOSED;
    if (isOwnAction || isOwnReason) return causeWithoutUpstream(code);
    if (code === 504) return UPSTREAM_TIMEOUT;
    return code === 502 || code === 503 ? UPSTREAM_UNREACHABLE : causeWithoutUpstream(code);
  }
}

/** The address before the port; of `[2001:db8::1]:40862` without its brackets. */
function readClient(bytes: Uint8Array, start: number, end: number, request: Request): void {
  let colon = end - 1;
  while (colon > start && bytes[colon] !== COLON) colon--;
  const stop = colon > start ? colon : end;
  const isBracketed = bytes[start] === OPEN_BRACKET && bytes[stop - 1] === CLOSE_BRACKET;
  setPlainText(bytes, isBracketed ? start + 1 : start, isBracketed ? stop - 1 : stop, request.client);
}

/** `GET https://host:443/path HTTP/1.1`; of a request that could not be read, `- http://host:80- -`. */
function readRequestLine(bytes: Uint8Array, start: number, end: number, request: Request): void {
  request.method = ABSENT;
  request.path.unset(ABSENT);
  const afterMethod = methodEnd(bytes, start, end);
  if (afterMethod === NO_METHOD || bytes[start] === DASH) return;
  request.method = methodIndex(bytes, start, afterMethod);
  const target = afterMethod + 1;
  const targetEnd = protocolStart(bytes, target, end);
  const authority = authorityStart(bytes, target, targetEnd);
  const path = authority < 0 ? target : byteAt(SLASH, bytes, authority, targetEnd);
  if (authority >= 0) setPlainText(bytes, authority, path, request.host);
  setPlainText(bytes, path, targetEnd, request.path);
}

export const alb: TextFormat = {
  name: 'alb',
  about: 'AWS Application Load Balancer; shows who made a status, but not Retry-After.',
  kind: 'text',
  origins: ['unknown', 'vendor', 'gateway'],
  reader: () => new AlbReader(),
};
