import assert from 'node:assert/strict';
import {
  AutoEventReader,
  EventReader,
  FORMATS,
  FORMAT_NAMES,
  OUTCOMES,
  READ,
  type OnEvent,
} from '#access-log';
import { bodiesOf } from '../bodies.js';
import { chosen } from '../choice.js';
import { chunkings, pushAll } from '../chunks.js';
import type { Target } from '../target.js';
import { checkRequest, formatTargets } from './formats.js';

/** Short, so that many lines are longer. */
const LIMITS = { maxLineBytes: 700 };
const BLANK = /^[ \t\r]*$/;

interface Reader {
  push(chunk: Uint8Array): void;
  end(): void;
}

/** The events of a body that comes in pieces, as texts. */
function eventsOf(pieces: readonly Buffer[], begin: (onEvent: OnEvent) => Reader): string[] {
  const events: string[] = [];
  const reader = begin((outcome, request, bytes, start, end) => {
    assert(
      end - start <= LIMITS.maxLineBytes && start >= 0 && end <= bytes.length,
      `an event from ${start} to ${end}`,
    );
    assert(OUTCOMES[outcome] !== undefined, `outcome ${outcome}`);
    if (outcome === READ) checkRequest(request);
    const what = outcome === READ ? `${request.code} ${request.path.toString()}` : OUTCOMES[outcome];
    events.push(`${what} <${Buffer.from(bytes.subarray(start, end)).toString('latin1')}>`);
  });
  pushAll(pieces, (piece) => reader.push(piece));
  reader.end();
  return events;
}

/** Whatever the pieces, the events are the same. */
function checkChunks(body: Buffer, begin: (onEvent: OnEvent) => Reader): string[] {
  const events = eventsOf([body], begin);
  const told = events.join('\n');
  for (const pieces of chunkings(body))
    assert.equal(
      eventsOf(pieces, begin).join('\n'),
      told,
      `pieces of ${pieces[0]?.length} bytes give other events`,
    );
  return events;
}

/** Lines of text are neither lost nor made. */
function checkLines(body: Buffer, events: readonly string[]): void {
  const text = body.toString('latin1').replace(/^(?:[ \t\r\n]|\xef\xbb\xbf)+/, '');
  if (/^[[{]/.test(text)) return;
  const lines = text.split('\n').filter((line) => !BLANK.test(line));
  assert.equal(events.length, lines.length, 'as many events as lines');
}

const corpus = FORMAT_NAMES.flatMap((_, i) => bodiesOf(formatTargets[i]!.corpus, i));

export const events: Target = {
  name: 'events',
  corpus,
  share: 8,
  check(input) {
    const [name, body] = chosen(input, FORMAT_NAMES);
    const seen = checkChunks(body, (onEvent) => new EventReader(FORMATS[name], {}, onEvent, LIMITS));
    if (FORMATS[name].kind === 'text') checkLines(body, seen);
  },
};

export const autoEvents: Target = {
  name: 'auto',
  corpus: corpus.map((input) => input.subarray(1)),
  share: 0.5,
  check: (body) => void checkChunks(body, (onEvent) => new AutoEventReader(onEvent, LIMITS)),
};
