import fc from 'fast-check';
import { SyslogFrames } from './syslog-frames.js';

const LONGEST = 100;

function framesOf(chunks: readonly (string | Buffer)[]): { frames: string[]; cut: number[]; isCut: boolean } {
  const frames: string[] = [];
  const cut: number[] = [];
  const splitter = new SyslogFrames(LONGEST, (frame, isWhole) => {
    if (!isWhole) cut.push(frames.length);
    frames.push(frame.toString('latin1'));
  });
  for (const chunk of chunks) splitter.push(Buffer.from(chunk as string));
  splitter.end();
  return { isCut: splitter.hasBegun, frames, cut };
}

const counted = (message: string): string => `${message.length} ${message}`;

describe('a stream of syslog messages', () => {
  it.each([
    ['by octet counts', counted('<13>a') + counted('<13>b c'), ['<13>a', '<13>b c']],
    [
      'by octet counts that include a line feed',
      counted('<13>a\n') + counted('<13>b\n'),
      ['<13>a\n', '<13>b\n'],
    ],
    ['by octet counts, with line feeds within', counted('<13>a\nb'), ['<13>a\nb']],
    [
      'by octet counts, with line feeds behind them',
      `${counted('<13>a')}\n${counted('<13>b')}\n`,
      ['<13>a', '<13>b'],
    ],
    ['by line feeds', '<13>a\n<13>b\n', ['<13>a', '<13>b']],
    ['by CR LF', '<13>a\r\n<13>b\r\n', ['<13>a\r', '<13>b\r']],
    ['by NUL', '<13>a\0<13>b\0', ['<13>a', '<13>b']],
    [
      'both ways in one stream',
      `<13>a\n${counted('<13>b\n')}<13>c\n${counted('<13>d')}`,
      ['<13>a', '<13>b\n', '<13>c', '<13>d'],
    ],
    ['without PRI, beginning with a number', '10.0.0.1 - -\n57 lines\n', ['10.0.0.1 - -', '57 lines']],
    ['with a number too long for a count', '12345678901 <13>a\n', ['12345678901 <13>a']],
    ['with nothing between its ends', '\n\r\n\0\n<13>a\n\n', ['<13>a']],
    ['without its last line feed', '<13>a\n<13>b', ['<13>a', '<13>b']],
    ['of a number alone', '57', ['57']],
  ])('is split %s', (_name, stream, frames) => {
    expect(framesOf([stream])).toEqual({ frames, cut: [], isCut: false });
  });

  it('cuts off what is too long, and its neighbours are untouched', () => {
    const long = `<13>${'x'.repeat(LONGEST)}`;
    for (const stream of [
      `<13>a\n${long}\n<13>b\n`,
      counted('<13>a') + counted(long) + counted('<13>b'),
      `<13>a\0${long}\0<13>b\0`,
    ])
      for (const chunks of [[stream], [...stream]])
        expect(framesOf(chunks)).toEqual({
          frames: ['<13>a', long.slice(0, LONGEST), '<13>b'],
          cut: [1],
          isCut: false,
        });
  });

  it('says that it ended within a counted message, which is not handed on', () => {
    expect(framesOf([`${counted('<13>a')}9 <13>b`])).toEqual({ frames: ['<13>a'], cut: [], isCut: true });
  });

  it('gives the same messages wherever it is cut into pieces, in any framing', () => {
    const message = fc.tuple(
      fc.constantFrom('<13>', '<190>1 - ', '<0>'),
      fc.string({
        unit: fc.constantFrom('a', '1', ' ', '<', 'z', '\r', '\x01', 'é'),
        maxLength: 2 * LONGEST,
      }),
      fc.constantFrom('\n', '\0', '\r\n', 'count'),
    );
    fc.assert(
      fc.property(
        fc.array(message),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
        (messages, sizes) => {
          const stream = messages
            .map(([pri, text, end]) => {
              const whole = Buffer.from(pri + text, 'latin1');
              return end === 'count' ? counted(whole.toString('latin1')) : whole.toString('latin1') + end;
            })
            .join('');
          const bytes = Buffer.from(stream, 'latin1');
          const chunks: Buffer[] = [];
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes[i % sizes.length]!;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          const { frames, isCut } = framesOf(chunks);
          expect(isCut).toBe(false);
          expect(frames).toEqual(
            messages.map(([pri, text, end]) => (pri + text + (end === '\r\n' ? '\r' : '')).slice(0, LONGEST)),
          );
        },
      ),
    );
  });
});
