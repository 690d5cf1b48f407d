import { authorityStart } from '../absolute-form.js';
import * as bytesOf from '../ascii.js';
import { isDigit } from '../ascii.js';
import { byteAt, wordEnd } from '../byte-search.js';
import { clfTimeWithMillis } from '../clock-text.js';
import { UNREADABLE, scaledDecimal } from '../decimal.js';
import { type LineReader, type TextFormat, NO_STATUS, outcomeIndex } from '../format.js';
import { Captures } from '../haproxy-captures.js';
import { BY_SERVER, NO_BACKEND, NO_SERVER, readTermination } from '../haproxy-origin.js';
import { HashEscapes } from '../hash-escape.js';
import { methodIndex } from '../method-text.js';
import { ABSENT, BY_GATEWAY, NOT_LOGGED, type Request } from '../request.js';
import { NO_METHOD, methodEnd, protocolStart } from '../request-line.js';
import { startAtTime } from '../start-time.js';
import { readStatus } from '../status-text.js';

const { CLOSE_BRACKET, COLON, DASH, DOT, OPEN_BRACKET, PLUS, QUOTE, SLASH, SPACE, UPPER_A, UPPER_Z } =
  bytesOf; // V8 folds a module's own constants, not imported ones

const MALFORMED_LINE = outcomeIndex('malformed_line');
const TRUNCATED = outcomeIndex('truncated');
const TIME_LENGTH = 24;
const LESS_THAN = 0x3c;
const SLASHES_OF_TIMERS = 4;
const SLASHES_OF_CONNECTIONS = 4;
/** Ta is in milliseconds. */
const MICROS_OF_MS = 3;

/**
 * `client:port [time] frontend backend/server TR/Tw/Tc/Tr/Ta status bytes cookie cookie state connections queues
 * {request headers} {response headers} "request"`, behind a syslog header or not.
 *
 * The byte count is not taken: it counts the headers in. HAProxy cuts lines at 1024 bytes by default, so the end may
 * be missing: a line counts as soon as it has its status.
 */
class HaproxyReader implements LineReader {
  private readonly captures = new Captures();
  private readonly escapes = new HashEscapes();

  read(bytes: Uint8Array, start: number, end: number, request: Request): number {
    request.reset();
    const time = timeStart(bytes, start, end);
    if (time < 0) return MALFORMED_LINE;
    readClient(bytes, start, time - 2, request);
    const timeMs = clfTimeWithMillis(bytes, time, time + TIME_LENGTH);
    request.timeMs = timeMs === UNREADABLE ? NOT_LOGGED : timeMs;
    startAtTime(request);

    const frontend = time + TIME_LENGTH + 2;
    const frontendEnd = wordEnd(bytes, frontend, end);
    const server = frontendEnd + 1;
    const serverEnd = wordEnd(bytes, server, end);
    const timers = serverEnd + 1;
    const timersEnd = wordEnd(bytes, timers, end);
    if (timersEnd >= end) return TRUNCATED;
    if (slashes(bytes, timers, timersEnd) !== SLASHES_OF_TIMERS) return MALFORMED_LINE; // a TCP log, a message
    request.durationMicros = lastTimer(bytes, timers, timersEnd);

    const statusEnd = wordEnd(bytes, timersEnd + 1, end);
    if (statusEnd >= end) return TRUNCATED;
    const outcome = readStatus(bytes, timersEnd + 1, statusEnd, request);
    if (outcome > NO_STATUS) return outcome;
    const whose = answerer(bytes, frontend, frontendEnd, server, serverEnd);
    const isWhole = bytes[statusEnd + 1] !== PLUS; // `option logasap` marks a count that goes on
    this.readTail(bytes, wordEnd(bytes, statusEnd + 1, end) + 1, end, whose, request);
    if (!isWhole) request.complete = NOT_LOGGED;
    return outcome;
  }

  /** From the cookies on. */
  private readTail(bytes: Uint8Array, start: number, end: number, server: number, request: Request): void {
    const state = stateStart(bytes, start, end);
    if (state >= end) return;
    const first = String.fromCharCode(bytes[state]!); // of one byte: not allocated
    const phase = String.fromCharCode(bytes[state + 1]!);
    readTermination(first, phase, server, request);
    request.complete = isCut(first, phase) ? 0 : 1;

    const queues = wordEnd(bytes, state + 5, end) + 1;
    const afterCaptures = this.captures.read(bytes, wordEnd(bytes, queues, end) + 1, end);
    this.captures.toHost(bytes, request.host);
    this.captures.readRequest(bytes, request);
    this.captures.readResponse(bytes, request);
    // HAProxy does not capture headers of its own answers, so an empty capture says nothing of them
    if (request.origin === BY_GATEWAY && request.retryAfter === ABSENT) request.retryAfter = NOT_LOGGED;
    if (bytes[afterCaptures] === QUOTE && afterCaptures < end)
      this.readRequest(bytes, afterCaptures + 1, end, request);
  }

  /** `<BADREQ>` leaves method and path absent. A path that was cut is taken as far as it goes. */
  private readRequest(bytes: Uint8Array, start: number, end: number, request: Request): void {
    const quote = byteAt(QUOTE, bytes, start, end);
    const afterMethod = methodEnd(bytes, start, quote);
    if (afterMethod === NO_METHOD) {
      if (quote === end) return;
      request.method = ABSENT;
      request.path.unset(ABSENT);
      return;
    }
    request.method = methodIndex(bytes, start, afterMethod);
    const target = afterMethod + 1;
    const targetEnd = quote < end ? protocolStart(bytes, target, quote) : wordEnd(bytes, target, end);
    const path = pathStart(bytes, target, targetEnd, request);
    if (targetEnd > path) this.escapes.toText(bytes, path, targetEnd, request.path);
    else request.path.unset(ABSENT);
  }
}

/** Of HTTP/2, HAProxy logs `https://host/path`; a captured host is the one to trust. */
function pathStart(bytes: Uint8Array, target: number, end: number, request: Request): number {
  const authority = authorityStart(bytes, target, end);
  if (authority < 0) return target;
  const path = byteAt(SLASH, bytes, authority, end);
  if (path > authority && path < end && !request.host.present) request.host.set(bytes, authority, path);
  return path;
}

/** The day of ` [21/Nov/2026:06:06:47.913] `, or -1 if there is no such thing in the line. */
function timeStart(bytes: Uint8Array, start: number, end: number): number {
  const last = end - TIME_LENGTH - 2;
  for (let i = start + 2; i <= last; i++) {
    if (bytes[i - 1] === OPEN_BRACKET && bytes[i - 2] === SPACE && isTime(bytes, i)) return i;
  }
  return -1;
}

const isTime = (bytes: Uint8Array, at: number): boolean =>
  isDigit(bytes[at]) &&
  bytes[at + 2] === SLASH &&
  bytes[at + 6] === SLASH &&
  bytes[at + 20] === DOT &&
  bytes[at + 24] === CLOSE_BRACKET &&
  bytes[at + 25] === SPACE;

/** The address before the time, without its port; what stands before it is a syslog header. */
function readClient(bytes: Uint8Array, start: number, end: number, request: Request): void {
  let port = end;
  while (port > start && isDigit(bytes[port - 1])) port--;
  const clientEnd = port > start && bytes[port - 1] === COLON ? port - 1 : end;
  let client = clientEnd;
  while (client > start && bytes[client - 1] !== SPACE) client--;
  if (clientEnd > client) request.client.set(bytes, client, clientEnd);
}

/** Of `frontend backend/server`: names in angle brackets are no servers, `frontend/<NOSRV>` is no backend. */
function answerer(
  bytes: Uint8Array,
  frontend: number,
  frontendEnd: number,
  backend: number,
  end: number,
): number {
  const slash = byteAt(SLASH, bytes, backend, end);
  if (slash + 1 >= end || bytes[slash + 1] !== LESS_THAN) return BY_SERVER;
  for (let i = 0; i < slash - backend; i++) {
    if (bytes[frontend + i] !== bytes[backend + i]) return NO_SERVER;
  }
  const rest = frontendEnd - frontend - (slash - backend);
  return rest === 0 || rest === 1 ? NO_BACKEND : NO_SERVER; // a TLS frontend has a `~` behind its name
}

/** Ta: `-1` if the request was not whole; with a `+` before it if the line was written before the end. */
function lastTimer(bytes: Uint8Array, start: number, end: number): number {
  let timer = end;
  while (timer > start && bytes[timer - 1] !== SLASH) timer--;
  if (bytes[timer] === PLUS) timer++;
  if (bytes[timer] === DASH) return ABSENT;
  const micros = scaledDecimal(bytes, timer, end, MICROS_OF_MS);
  return micros === UNREADABLE ? NOT_LOGGED : micros;
}

/** The word of four letters before `ac/fc/bc/sc/rc`, or `end`. Captured cookies before it may hold spaces. */
function stateStart(bytes: Uint8Array, start: number, end: number): number {
  let word = start;
  while (word < end) {
    const after = wordEnd(bytes, word, end);
    const next = wordEnd(bytes, after + 1, end);
    if (after - word === 4 && isState(bytes, word) && isConnections(bytes, after + 1, next)) return word;
    word = after + 1;
  }
  return end;
}

const isState = (bytes: Uint8Array, at: number): boolean => isFlag(bytes[at]!) && isFlag(bytes[at + 1]!);

const isFlag = (byte: number): boolean =>
  byte === DASH || ((byte & ~0x20) >= UPPER_A && (byte & ~0x20) <= UPPER_Z);

const isConnections = (bytes: Uint8Array, start: number, end: number): boolean =>
  isDigit(bytes[start]) && slashes(bytes, start, end) === SLASHES_OF_CONNECTIONS;

function slashes(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if (bytes[i] === SLASH) count++;
  return count;
}

/** The client did not get all of the response. */
const isCut = (first: string, phase: string): boolean =>
  phase === 'D' || phase === 'L' || first === 'C' || first === 'c';

export const haproxy: TextFormat = {
  name: 'haproxy',
  about: 'HAProxy with `option httplog`; shows who made a status.',
  kind: 'text',
  origins: ['unknown', 'vendor', 'gateway'],
  reader: () => new HaproxyReader(),
};
