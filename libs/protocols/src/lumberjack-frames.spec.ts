import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { LumberjackFrames, lumberjackAck } from './lumberjack-frames.js';
import { BrokenStream } from './broken-stream.js';

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const withLength = (bytes: Buffer): Buffer => Buffer.concat([u32(bytes.length), bytes]);
const window = (events: number): Buffer => Buffer.concat([Buffer.from('2W'), u32(events)]);
const json = (sequence: number, body: string): Buffer =>
  Buffer.concat([Buffer.from('2J'), u32(sequence), withLength(Buffer.from(body))]);
const pairs = (sequence: number, ...texts: string[]): Buffer =>
  Buffer.concat([
    ...[Buffer.from('1D'), u32(sequence), u32(texts.length / 2)],
    ...texts.map((text) => withLength(Buffer.from(text))),
  ]);
const compressed = (frames: Buffer): Buffer =>
  Buffer.concat([Buffer.from('2C'), withLength(deflateSync(frames))]);

function told(segments: readonly Buffer[], limit = 10_000, isNested = false): string[] {
  const frames = new LumberjackFrames(limit, isNested);
  return segments.flatMap((segment) =>
    [...frames.push(segment)].map((frame) => {
      if (frame.type === 'window') return `W ${String.fromCharCode(frame.version)} ${frame.events}`;
      if (frame.type === 'compressed') return `C ${frame.payload.toString('hex')}`;
      return `${frame.type} ${frame.sequence} ${frame.body.toString('latin1')}`;
    }),
  );
}

const STREAM = Buffer.concat([
  window(2),
  json(1, '{"message":"a"}'),
  json(2, '{}'),
  window(0),
  pairs(7, 'line', 'b', 'host', 'h'),
  compressed(json(1, '{}')),
]);

describe('LumberjackFrames', () => {
  it('tells frames of both versions', () => {
    expect(told([STREAM])).toEqual([
      'W 2 2',
      'json 1 {"message":"a"}',
      'json 2 {}',
      'W 2 0',
      `pairs 7 ${['line', 'b', 'host', 'h'].map((text) => withLength(Buffer.from(text)).toString('latin1')).join('')}`,
      `C ${deflateSync(json(1, '{}')).toString('hex')}`,
    ]);
  });

  it('tells the same wherever segments end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40)), (sizes) => {
        const segments: Buffer[] = [];
        let at = 0;
        for (const size of sizes) segments.push(STREAM.subarray(at, (at += size)));
        expect(told([...segments, STREAM.subarray(at)])).toEqual(told([STREAM]));
      }),
    );
  });

  it.each([
    ['TLS', Buffer.from([0x16, 3, 1]), 'this is TLS'],
    ['HTTP', Buffer.from('GET /'), 'no frame of Lumberjack'],
    ['a frame of another type', Buffer.from('2X'), 'type 88'],
    ['an acknowledgement', Buffer.from('2A'), 'type 65'],
    ['a long event', Buffer.concat([Buffer.from('2J'), u32(1), u32(20_000)]), 'larger than 10000'],
    ['endless pairs', Buffer.concat([Buffer.from('1D'), u32(1), u32(0xffffffff)]), 'larger than 10000'],
    ['a long text in pairs', Buffer.concat([Buffer.from('1D'), u32(1), u32(1), u32(9_990), Buffer.alloc(9_990), u32(50)]), 'larger than 10000'], // prettier-ignore
  ])('refuses %s as soon as it is seen', (_, bytes, message) => {
    expect(() => told([bytes])).toThrow(message);
    expect(() => told([bytes])).toThrow(BrokenStream);
  });

  it('refuses a compressed frame in another one', () => {
    expect(() => told([compressed(window(1))], 10_000, true)).toThrow('in another one');
  });
});

it('an acknowledgement has the version and the number that were received', () => {
  expect(lumberjackAck(0x32, 258).toString('latin1')).toBe('2A\x00\x00\x01\x02');
  expect(lumberjackAck(0x31, 0xffffffff).toString('latin1')).toBe('1A\xff\xff\xff\xff');
});
