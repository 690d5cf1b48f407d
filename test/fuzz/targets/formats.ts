import assert from 'node:assert/strict';
import {
  FORMATS,
  FORMAT_NAMES,
  METHODS,
  OUTCOMES,
  READ,
  Request,
  Text,
  type Format,
  type FormatName,
  type LineReader,
} from '#access-log';
import { LOG_LINES } from '../corpus.js';
import type { Target } from '../target.js';

/** What may stand before and behind a line in the memory of its batch. */
const AROUND = [
  ['" 200 5 "x" "y" 1ms', '"}'],
  ['\\', '5" 503'],
  ['\t', '\\"'],
  [' - - [', '}'],
] as const;
const OUTSIDE = AROUND.map(([before, after]) => [Buffer.from(before), Buffer.from(after)] as const);

/** All that is told of a request. */
function toldOf({ earlierAttempts, attemptCount, ...fields }: Request): string {
  let told = earlierAttempts.subarray(0, attemptCount).join();
  for (const value of Object.values(fields))
    told += `|${value instanceof Text ? (value.present ? value.toString() : value.start) : typeof value === 'number' ? value : ''}`;
  return told;
}

const NUMBERS = [
  ...(['timeMs', 'durationMicros', 'bodyBytes', 'retryAfter', 'complete', 'partialSuccess'] as const),
  ...(['succeededResults', 'failedResults', 'timeoutParam'] as const),
];

/** @throws if a request is not what its class says */
export function checkRequest(request: Request): void {
  assert(
    Number.isInteger(request.code) && request.code >= 100 && request.code <= 599,
    `code ${request.code}`,
  );
  for (const name of NUMBERS)
    assert(Number.isSafeInteger(request[name]) && request[name] >= -2, `${name} is ${request[name]}`);
  assert(request.method >= -2 && request.method <= METHODS.length, `method ${request.method}`);
  assert([0, 1, 2].includes(request.origin) && request.cause >= 0 && request.cause < 7, 'origin or cause');
  assert(request.attemptCount <= request.earlierAttempts.length, `${request.attemptCount} attempts`);
  for (let i = 0; i < request.attemptCount; i++)
    assert(
      request.earlierAttempts[i]! >= 100 && request.earlierAttempts[i]! <= 599,
      'an attempt is no status',
    );
  for (const value of Object.values(request))
    if (value instanceof Text && value.present)
      assert(value.start <= value.end && value.end <= value.bytes.length, 'a text is outside of its bytes');
}

function read(lines: LineReader, bytes: Uint8Array, start: number, end: number): string {
  const request = new Request();
  const outcome = lines.read(bytes, start, end, request);
  return outcome === READ ? toldOf(request) : OUTCOMES[outcome]!;
}

function isObject(line: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(line.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** What an object that JSON.parse takes is never called. */
const NOT_JSON = new Set(['malformed_json', 'truncated']);
/** Deeper objects are rejected as hostile. */
const DEPTH = 60;

/** A new reader has seen no more lines than this: to make one takes longer than to read a line. */
const READ_BY_ONE = 64;

function target(name: FormatName): Target {
  const format: Format = FORMATS[name];
  const used = format.reader({});
  let fresh = format.reader({});
  let left = READ_BY_ONE;
  const request = new Request();
  const isRead = (line: Buffer): boolean => used.read(line, 0, line.length, request) === READ;
  return {
    name: `format:${name}`,
    // lines of its own, and of the others some
    corpus: [
      ...LOG_LINES.filter(isRead),
      ...LOG_LINES.filter((line) => !isRead(line)).filter((_, i) => i % 40 === 0),
    ],
    share: 100,
    check(line) {
      const outcome = used.read(line, 0, line.length, request);
      assert(OUTCOMES[outcome] !== undefined, `outcome ${outcome}`);
      if (outcome === READ) checkRequest(request);
      const told = outcome === READ ? toldOf(request) : OUTCOMES[outcome];
      if (left-- === 0) [fresh, left] = [format.reader({}), READ_BY_ONE];
      assert.equal(read(fresh, line, 0, line.length), told, 'lines before it change what is read');
      const [before, after] = OUTSIDE[line.length % OUTSIDE.length]!;
      const all = Buffer.concat([before, line, after]);
      assert.equal(
        read(used, all, before.length, before.length + line.length),
        told,
        'what stands around it changes what is read',
      );
      if (format.kind === 'json' && NOT_JSON.has(told))
        assert(!isObject(line) || line.toString().split(/[[{]/).length > DEPTH, `${told}, but it is JSON`);
    },
  };
}

/** A new format is a target by itself. */
export const formatTargets: readonly Target[] = FORMAT_NAMES.map(target);
