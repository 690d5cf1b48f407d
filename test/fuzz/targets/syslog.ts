import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { LineFrames, SyslogFrames, readSyslog } from '#protocols';
import { chunkings, pushAll } from '../chunks.js';
import { LOG_LINES } from '../corpus.js';
import type { Target } from '../target.js';

/** Short, so that many frames are longer. */
const LONGEST = 300;
const LINE = LOG_LINES[0]!;
const HEADERS = [
  '<134>Nov 21 06:00:00 web1 nginx: ',
  '<134>Nov  1 06:00:00 haproxy[20225]: ',
  '<134>2026-11-21T06:00:00+00:00 web1 nginx[7]: ',
  '<134>1 2026-11-21T06:00:00.123456Z web1 nginx 12 ID47 [a@1 b="\\]\\"" c="]"][d] \xef\xbb\xbf',
  '<13>1 - - app - - - ',
  'Nov 21 06:00:00 web1 nginx: ',
  '<13>',
  '',
];
const MESSAGES = HEADERS.map((header) => Buffer.concat([Buffer.from(header, 'latin1'), LINE]));
const counted = (message: Buffer): Buffer => Buffer.concat([Buffer.from(`${message.length} `), message]);

interface Splitter {
  push(piece: Buffer): void;
  end(): void;
}
type OnFrame = ConstructorParameters<typeof SyslogFrames>[1];

/** The frames of a stream, however it is cut into pieces. */
function framesOf(pieces: readonly Buffer[], begin: (onFrame: OnFrame) => Splitter): string[] {
  const frames: string[] = [];
  const splitter = begin((frame, isWhole) => {
    assert(frame.length <= LONGEST, `a frame of ${frame.length} bytes`);
    assert(isWhole || frame.length === LONGEST, 'what is cut off is as long as may be');
    frames.push(`${isWhole} ${frame.toString('latin1')}`);
  });
  pushAll(pieces, (piece) => splitter.push(Buffer.from(piece.buffer, piece.byteOffset, piece.length)));
  splitter.end();
  return frames;
}

function checkPieces(stream: Buffer, begin: (onFrame: OnFrame) => Splitter): string[] {
  const whole = framesOf([stream], begin);
  for (const pieces of chunkings(stream))
    assert.deepEqual(framesOf(pieces, begin), whole, 'other pieces, other frames');
  return whole;
}

/** A message is taken from its frame as it is, and its names are plain words. */
const message: Target = {
  name: 'syslog:message',
  corpus: [...MESSAGES, Buffer.concat([Buffer.from('z'), deflateSync(MESSAGES[0]!)])],
  words: [
    '<134>1 ',
    '<0>',
    ' - ',
    '[a b="',
    '"]',
    '\\]',
    'Nov 21 06:00:00 ',
    '2026-11-21T06:00:00Z ',
    ']: ',
    'z',
  ],
  share: 60,
  check(frame) {
    const { names, event } = readSyslog(frame, LONGEST);
    assert(event.length <= Math.max(frame.length, LONGEST), 'a message is no longer than its frame');
    if (frame[0] !== 0x7a) {
      const end = frame.toString('latin1').replace(/[\r\n\0]+$/, '');
      assert(end.endsWith(event.toString('latin1')), 'the bytes of a message are those of its frame');
    }
    assert(names.length <= 2, 'a program and a host');
    for (const name of names) assert.match(name, /^[^\s:[\]"{}]{1,255}$|^[!-~]{1,255}$/u, name);
  },
};

/** A stream gives the same messages wherever it is cut, and each within bounds. */
const frames: Target = {
  name: 'syslog:frames',
  corpus: [
    Buffer.concat(MESSAGES.map(counted)),
    Buffer.concat(MESSAGES.flatMap((one) => [one, Buffer.from('\n')])),
    Buffer.concat(MESSAGES.flatMap((one) => [counted(one), Buffer.from('\n'), one, Buffer.from('\0')])),
  ],
  words: ['9 <', '12 <13>', '\n', '\0', '\r\n', '999999999 <', '1 z'],
  share: 4,
  check: (stream) => void checkPieces(stream, (onFrame) => new SyslogFrames(LONGEST, onFrame)),
};

/** Every line feed ends a line. */
const lines: Target = {
  name: 'tcp:lines',
  corpus: [Buffer.concat(LOG_LINES.slice(0, 5).flatMap((line) => [line, Buffer.from('\n')]))],
  words: ['\n', '\r\n', '\0'],
  share: 6,
  check(stream) {
    const seen = checkPieces(stream, (onFrame) => new LineFrames(LONGEST, onFrame));
    const texts = stream.toString('latin1').split('\n');
    if (texts.at(-1) === '') texts.pop();
    assert.deepEqual(
      seen,
      texts.map((text) => `${text.length <= LONGEST} ${text.slice(0, LONGEST)}`),
    );
  },
};

export const syslogTargets: readonly Target[] = [message, frames, lines];
