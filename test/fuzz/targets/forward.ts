import assert from 'node:assert/strict';
import { ExtData, decode, encode } from '@msgpack/msgpack';
import {
  ForwardHandshake,
  BrokenStream,
  MsgpackEvents,
  MsgpackFrames,
  forwardAck,
  forwardMessage,
} from '#protocols';
import { chunkings, pushAll } from '../chunks.js';
import { LOG_LINES } from '../corpus.js';
import type { Target } from '../target.js';

/** Short, so that some records are longer. */
const LONGEST_RECORD = 64 * 1024;
const TIME = new ExtData(0, Uint8Array.of(0x5f, 0x5e, 0x10, 0, 0, 0, 3, 0xe8));
const RECORDS = LOG_LINES.slice(0, 12).map((line, i) => ({ [['log', 'message', 'other'][i % 3]!]: line, i }));
const ENTRIES = RECORDS.map((record, i) => [[i, TIME, 1.5, [TIME, { a: 1 }]][i % 4], record]);
const PACKED = Buffer.concat(ENTRIES.map((entry) => encode(entry)));
const OPTION = { size: 12, chunk: 'p8n9gmxTQVC8/nh2wlKKeQ==\n', compressed: 'text', fluent_signal: 0 };

/** Heads of msgpack values that say much with few bytes. */
const HEADS = [
  'dbffffffff',
  'ddffffffff',
  'dfffffffff',
  'c9ffffffff',
  'c1',
  'dc0002',
  'd700',
  'c0',
  '80',
  '90',
].map((hex) => Buffer.from(hex, 'hex').toString('latin1'));

/** Pushes pieces, and tells what came of them and how it ended. */
function told(pieces: readonly Buffer[], push: (piece: Uint8Array) => void): string {
  try {
    pushAll(pieces, push);
    return '';
  } catch (error) {
    assert(error instanceof BrokenStream, error as Error);
    assert(error.message.length > 0 && error.hint.length > 0, 'a fault without a sentence');
    return error.message;
  }
}

function checkPieces(input: Buffer, seen: (pieces: readonly Buffer[]) => string): void {
  const whole = seen([input]);
  for (const pieces of chunkings(input))
    assert.equal(seen(pieces), whole, `pieces of ${pieces[0]?.length} bytes give something else`);
}

function eventsOf(pieces: readonly Buffer[]): string {
  const events: string[] = [];
  const reader = new MsgpackEvents(
    (event) => void events.push(Buffer.from(event).toString('latin1')),
    LONGEST_RECORD,
  );
  pushAll(pieces, (piece) => reader.push(piece));
  reader.end();
  assert(reader.unreadable >= 0);
  return `${reader.unreadable}\n${events.join('\n')}`;
}

/** Bodies of records: events or a count of what is none, nothing else. */
const events: Target = {
  name: 'msgpack:events',
  corpus: [PACKED, encode(ENTRIES), encode(RECORDS), ...RECORDS.map((record) => encode(record))].map(
    (bytes) => Buffer.from(bytes),
  ),
  words: HEADS,
  share: 20,
  check: (input) => checkPieces(input, eventsOf),
};

/** What a message says. */
function toldOf(frame: Buffer): string {
  const message = forwardMessage(frame);
  if (!message) return 'heartbeat';
  if (message.chunk) {
    const answer = decode(forwardAck(message.chunk)) as { ack: unknown };
    assert(Object.keys(answer).join() === 'ack' && typeof answer.ack === 'string', 'an answer that is none');
  }
  return 'strange' in message
    ? message.strange
    : `${message.tag} ${message.compression} ${message.entries.toString('latin1')}`;
}

function messagesOf(pieces: readonly Buffer[]): string {
  const seen: string[] = [];
  const frames = new MsgpackFrames(LONGEST_RECORD);
  const end = told(pieces, (piece) => {
    for (const frame of frames.push(piece)) seen.push(toldOf(frame));
  });
  return [...seen, end].join('\n');
}

/** A connection: messages, or a fault that says what was wrong. */
const messages: Target = {
  name: 'forward:messages',
  corpus: [
    encode(null),
    encode(['tag', TIME, RECORDS[0]]),
    encode(['tag', [TIME, {}], RECORDS[1], OPTION]),
    encode(['tag', ENTRIES, OPTION]),
    encode(['tag', PACKED, OPTION]),
    encode(['tag', PACKED.toString('latin1'), { compressed: 'gzip' }]),
    Buffer.concat([encode(['a', 1, { log: 'b' }]), encode(['a', PACKED, OPTION]), encode(null)]),
  ].map((bytes) => Buffer.from(bytes)),
  words: [...HEADS, '\xa5chunk', '\xaacompressed', '\xadfluent_signal'],
  share: 20,
  check: (input) => checkPieces(input, messagesOf),
};

const SECRETS = { sharedKey: 'key', users: new Map([['me', 'password']]) };

/** Nobody is let in without the key. */
const handshake: Target = {
  name: 'forward:handshake',
  corpus: [
    ['PING', 'host', 'salt', 'a'.repeat(128), 'me', 'b'.repeat(128)],
    ['PING', 'host', Buffer.alloc(16, 0xff), '', '', ''],
    ['PING'],
    ['tag', 1, {}],
  ].map((message) => Buffer.from(encode(message))),
  words: HEADS,
  share: 10,
  check(input) {
    told([input], (piece) => {
      const [first] = new MsgpackFrames(LONGEST_RECORD).push(piece);
      if (!first) return;
      const { bytes, refused } = new ForwardHandshake(SECRETS).answer(first);
      assert(refused, 'somebody was let in');
      assert.deepEqual((decode(bytes) as unknown[]).slice(0, 3), ['PONG', false, refused]);
    });
  },
};

export const forwardTargets: readonly Target[] = [events, messages, handshake];
