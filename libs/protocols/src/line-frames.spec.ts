import fc from 'fast-check';
import { LineFrames } from './line-frames.js';

const LONGEST = 50;

function linesOf(chunks: readonly string[]): [line: string, isWhole: boolean][] {
  const lines: [string, boolean][] = [];
  const splitter = new LineFrames(LONGEST, (line, isWhole) => lines.push([line.toString('latin1'), isWhole]));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk, 'latin1'));
  splitter.end();
  return lines;
}

describe('a stream of lines', () => {
  it('is split at line feeds alone, and may end without one', () => {
    expect(linesOf(['9 <a\0b\n\n{"c":1}\r\n', 'd'])).toEqual([
      ['9 <a\0b', true],
      ['', true],
      ['{"c":1}\r', true],
      ['d', true],
    ]);
  });

  it('gives the same lines wherever it is cut into pieces; of what is too long, the beginning', () => {
    const line = fc.string({
      unit: fc.constantFrom('a', '0', ' ', '\r', '\0'),
      minLength: 1,
      maxLength: 2 * LONGEST,
    });
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 70 }), (lines, size) => {
        const stream = lines.map((text) => `${text}\n`).join('');
        const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
          stream.slice(i * size, (i + 1) * size),
        );
        expect(linesOf(chunks)).toEqual(
          lines.map((text) => [text.slice(0, LONGEST), text.length <= LONGEST]),
        );
      }),
    );
  });
});
