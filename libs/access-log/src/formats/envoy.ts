import * as bytesOf from '../ascii.js';
import { byteAt, wordEnd } from '../byte-search.js';
import { isoTime } from '../clock-text.js';
import { UNREADABLE, scaledDecimal } from '../decimal.js';
import { flagBits, readEnvoyOrigin } from '../envoy-origin.js';
import { type LineReader, type TextFormat, NO_STATUS, outcomeIndex } from '../format.js';
import { readPlainRequestLine, setPlainText } from '../plain-text.js';
import { ABSENT, NOT_LOGGED, type Request } from '../request.js';
import { startAtTime } from '../start-time.js';
import { readStatus } from '../status-text.js';
import { NO_QUOTE, closingQuote, openingQuote } from '../unescaped-quotes.js';

const { CLOSE_BRACKET, COMMA, DASH, OPEN_BRACKET, QUOTE } = bytesOf; // V8 folds a module's own constants, not imported ones

const MALFORMED_LINE = outcomeIndex('malformed_line');
const TRUNCATED = outcomeIndex('truncated');
const MICROS_OF_MS = 3;

/**
 * `[time] "request" status flags received sent duration service-time "forwarded for" "agent" "id" "host" "upstream"`,
 * the default of Envoy. The last five are found from the end: Envoy escapes nothing, and an agent may hold quotes.
 */
class EnvoyReader implements LineReader {
  read(bytes: Uint8Array, start: number, end: number, request: Request): number {
    request.reset();
    const timeEnd = byteAt(CLOSE_BRACKET, bytes, start, end);
    if (bytes[start] !== OPEN_BRACKET || timeEnd === end) return MALFORMED_LINE;
    const timeMs = isoTime(bytes, start + 1, timeEnd);
    const line = timeEnd + 3;
    if (timeMs === UNREADABLE || (line <= end && bytes[line - 1] !== QUOTE)) return MALFORMED_LINE;
    request.timeMs = timeMs;
    startAtTime(request);

    const lineEnd = closingQuote(bytes, line, end);
    const status = lineEnd + 2;
    const statusEnd = wordEnd(bytes, status, end);
    if (statusEnd >= end) return TRUNCATED;
    readPlainRequestLine(bytes, line, lineEnd, request);
    const outcome = readStatus(bytes, status, statusEnd, request);
    if (outcome <= NO_STATUS) readTail(bytes, statusEnd + 1, end, request);
    return outcome;
  }
}

function readTail(bytes: Uint8Array, flags: number, end: number, request: Request): void {
  const flagsEnd = wordEnd(bytes, flags, end);
  const receivedEnd = wordEnd(bytes, flagsEnd + 1, end);
  const sent = receivedEnd + 1;
  const sentEnd = wordEnd(bytes, sent, end);
  const duration = sentEnd + 1;
  const durationEnd = wordEnd(bytes, duration, end);
  // a number with no space behind it may have been cut; another word shows a format of someone's own
  const received = number(bytes, flagsEnd + 1, receivedEnd, 0);
  const isWhole = durationEnd < end && received !== NOT_LOGGED;
  if (isWhole) {
    request.requestBytes = received;
    request.bodyBytes = number(bytes, sent, sentEnd, 0);
    request.durationMicros = number(bytes, duration, durationEnd, MICROS_OF_MS);
  }
  const upstream = isWhole ? readQuoted(bytes, durationEnd + 1, end, request) : NOT_LOGGED;
  // flags without a space behind them may be one flag of two
  readEnvoyOrigin(
    flagsEnd < end ? flagBits(bytes, flags, flagsEnd) : NOT_LOGGED,
    upstream,
    NOT_LOGGED,
    request,
  );
}

/**
 * Reads the quoted texts that end the line.
 * @returns whether there is an upstream host: 0, ABSENT or NOT_LOGGED
 */
function readQuoted(bytes: Uint8Array, start: number, end: number, request: Request): number {
  const upstream = openingQuote(bytes, start, end);
  const host = openingQuote(bytes, start, upstream - 1);
  const id = openingQuote(bytes, start, host - 1);
  const agent = openingQuote(bytes, start, id - 1);
  const forwarded = wordEnd(bytes, start, end) + 1;
  if (agent === NO_QUOTE || forwarded >= agent || bytes[forwarded] !== QUOTE) return NOT_LOGGED;
  readForwarded(bytes, forwarded + 1, end, request);
  setPlainText(bytes, agent + 1, id - 2, request.userAgent);
  setPlainText(bytes, id + 1, host - 2, request.requestId);
  setPlainText(bytes, host + 1, upstream - 2, request.host);
  return end - upstream === 3 && bytes[upstream + 1] === DASH ? ABSENT : 0;
}

/** The first address of the list. */
function readForwarded(bytes: Uint8Array, start: number, end: number, request: Request): void {
  let stop = start;
  while (stop < end && bytes[stop] !== QUOTE && bytes[stop] !== COMMA) stop++;
  setPlainText(bytes, start, stop, request.client);
}

function number(bytes: Uint8Array, start: number, end: number, scale: number): number {
  const value = scaledDecimal(bytes, start, end, scale);
  return value === UNREADABLE ? NOT_LOGGED : value;
}

export const envoy: TextFormat = {
  name: 'envoy',
  about: 'The default text log of Envoy; shows who made a status, but not Retry-After.',
  kind: 'text',
  origins: ['unknown', 'vendor', 'gateway'],
  reader: () => new EnvoyReader(),
};
