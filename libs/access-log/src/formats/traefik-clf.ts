import * as bytesOf from '../ascii.js';
import { wordEnd } from '../byte-search.js';
import { clfTimeStart, requestLineStart } from '../clf-head.js';
import { ClfClock } from '../clock-text.js';
import { UNREADABLE, scaledDecimal } from '../decimal.js';
import { durationText } from '../duration-text.js';
import { type LineReader, type TextFormat, NO_STATUS, outcomeIndex } from '../format.js';
import { CLIENT_CLOSED, byGateway, causeWithoutUpstream } from '../gateway-cause.js';
import { readPlainRequestLine, setPlainText } from '../plain-text.js';
import { BY_VENDOR, NOT_LOGGED, type Request } from '../request.js';
import { startAtTime } from '../start-time.js';
import { readStatus } from '../status-text.js';
import { NO_QUOTE, closingQuote, openingQuote } from '../unescaped-quotes.js';

const { COMMA, DASH, SPACE } = bytesOf; // V8 folds a module's own constants, not imported ones

const MALFORMED_LINE = outcomeIndex('malformed_line');
const TRUNCATED = outcomeIndex('truncated');

/**
 * `client - user [time] "request" status size "referer" "agent" count "router" "server URL" 1ms`: the default of
 * Traefik. What is behind the size is found from the end: Traefik escapes nothing, and an agent may hold quotes.
 */
class TraefikClfReader implements LineReader {
  private readonly clock = new ClfClock();

  read(bytes: Uint8Array, start: number, end: number, request: Request): number {
    request.reset();
    const time = clfTimeStart(bytes, start, end);
    if (time < 0) return MALFORMED_LINE;
    const line = requestLineStart(time);
    const lineEnd = closingQuote(bytes, line, end);
    const status = lineEnd + 2;
    const statusEnd = wordEnd(bytes, status, end);
    const duration = lastWord(bytes, statusEnd, end);
    const micros = durationText(bytes, duration, end);
    const url = openingQuote(bytes, statusEnd, duration - 1);
    const router = openingQuote(bytes, statusEnd, url - 1);
    if (micros === UNREADABLE || router === NO_QUOTE) return TRUNCATED; // or the line of another gateway

    const outcome = readStatus(bytes, status, statusEnd, request);
    if (outcome > NO_STATUS) return outcome;
    const timeMs = this.clock.read(bytes, time);
    request.timeMs = timeMs === UNREADABLE ? NOT_LOGGED : timeMs;
    startAtTime(request);
    request.durationMicros = micros;
    readWho(bytes, start, time - 2, request);
    readPlainRequestLine(bytes, line, lineEnd, request);
    readSize(bytes, statusEnd + 1, end, request);
    readAgent(bytes, statusEnd, router, request);
    readOrigin(bytes[url + 1] !== DASH, request);
    return outcome;
  }
}

/** `client - user`; the client may be a list of those that were forwarded for. */
function readWho(bytes: Uint8Array, start: number, end: number, request: Request): void {
  let clientEnd = start;
  while (clientEnd < end && bytes[clientEnd] !== SPACE && bytes[clientEnd] !== COMMA) clientEnd++;
  setPlainText(bytes, start, clientEnd, request.client);
  for (let i = clientEnd; i + 2 < end; i++) {
    if (bytes[i] !== SPACE || bytes[i + 1] !== DASH || bytes[i + 2] !== SPACE) continue;
    setPlainText(bytes, i + 3, end, request.consumer);
    return;
  }
}

function readSize(bytes: Uint8Array, start: number, end: number, request: Request): void {
  const size = scaledDecimal(bytes, start, wordEnd(bytes, start, end), 0);
  request.bodyBytes = size === UNREADABLE ? NOT_LOGGED : size;
}

/** `"agent" count ` before the router. */
function readAgent(bytes: Uint8Array, start: number, router: number, request: Request): void {
  const agentEnd = lastWord(bytes, start, router - 1) - 1;
  const agent = openingQuote(bytes, start, agentEnd);
  if (agent !== NO_QUOTE) setPlainText(bytes, agent + 1, agentEnd - 1, request.userAgent);
}

/**
 * Without a server, Traefik answered by itself. With one, a 5xx may be its proxy's or, if an `errors` middleware asks
 * another server for a page, anybody's.
 */
function readOrigin(isServerChosen: boolean, request: Request): void {
  if (!isServerChosen) byGateway(request, causeWithoutUpstream(request.code));
  else if (request.code === 499) byGateway(request, CLIENT_CLOSED);
  else if (request.code < 500) request.origin = BY_VENDOR;
}

/** Where the last word begins, or `start`. */
function lastWord(bytes: Uint8Array, start: number, end: number): number {
  let i = end;
  while (i > start && bytes[i - 1] !== SPACE) i--;
  return i;
}

export const traefikClf: TextFormat = {
  name: 'traefik-clf',
  about: 'The default text log of Traefik; shows who made a status below 500, but not Retry-After.',
  kind: 'text',
  origins: ['unknown', 'vendor', 'gateway'],
  reader: () => new TraefikClfReader(),
};
