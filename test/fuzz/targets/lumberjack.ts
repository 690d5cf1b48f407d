import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { LumberjackFrames, BrokenStream, jsonEvent, lumberjackAck, pairsEvent } from '#protocols';
import { chunkings, pushAll } from '../chunks.js';
import { LOG_LINES } from '../corpus.js';
import type { Target } from '../target.js';

const LONGEST_FRAME = 64 * 1024;

const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer).swap32();
const sized = (bytes: Buffer): Buffer => Buffer.concat([u32(bytes.length), bytes]);
const frame = (type: string, ...parts: Buffer[]): Buffer => Buffer.concat([Buffer.from(type), ...parts]);
const EVENTS = LOG_LINES.slice(0, 6).map((line, i) =>
  frame(
    '2J',
    u32(i + 1),
    sized(
      Buffer.from(
        JSON.stringify({
          message: line.toString('latin1'),
          fields: { source: 'san' },
          agent: { ephemeral_id: 'e' },
          log: { offset: 7 * i, file: { path: '/a' } },
        }),
      ),
    ),
  ),
);
const PAIRS = frame(
  '1D',
  u32(1),
  u32(2),
  ...['line', 'a', 'host', 'b'].map((text) => sized(Buffer.from(text))),
);

function toldOf(pieces: readonly Buffer[], isNested: boolean): string {
  const seen: string[] = [];
  const frames = new LumberjackFrames(LONGEST_FRAME, isNested);
  try {
    pushAll(pieces, (piece) => {
      for (const one of frames.push(piece)) {
        if (one.type === 'window') seen.push(`W ${one.events} ${lumberjackAck(one.version, 1).length}`);
        else if (one.type === 'compressed') seen.push(`C ${one.payload.toString('latin1')}`);
        else {
          const { event, names, position } = one.type === 'json' ? jsonEvent(one.body) : pairsEvent(one.body);
          assert(
            names.every((name) => typeof name === 'string'),
            'a name that is none',
          );
          seen.push(`${one.sequence} ${names.join()} ${position} ${event.toString('latin1')}`);
        }
      }
    });
  } catch (error) {
    assert(error instanceof BrokenStream, error as Error);
    assert(error.message.length > 0 && error.hint.length > 0, 'a fault without a sentence');
    seen.push(error.message);
  }
  return seen.join('\n');
}

/** A connection: the same frames wherever segments end, or a fault that says what was wrong. */
export const lumberjack: Target = {
  name: 'lumberjack:frames',
  corpus: [
    Buffer.concat([frame('2W', u32(EVENTS.length)), ...EVENTS]),
    Buffer.concat([frame('2W', u32(EVENTS.length)), frame('2C', sized(deflateSync(Buffer.concat(EVENTS))))]),
    Buffer.concat([frame('1W', u32(1)), PAIRS, frame('2W', u32(0))]),
    frame('2C', sized(Buffer.alloc(0))),
  ],
  words: ['2W', '2C', '2J', '1D', '2A', '\xff\xff\xff\xff', '\x00\x00\x00\x01', '\x7f\xff\xff\xff'],
  share: 20,
  check(input) {
    for (const isNested of [false, true]) {
      const whole = toldOf([input], isNested);
      for (const pieces of chunkings(input))
        assert.equal(
          toldOf(pieces, isNested),
          whole,
          `pieces of ${pieces[0]?.length} bytes give something else`,
        );
    }
  },
};
