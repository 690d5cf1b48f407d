import { BEGIN, countedOf, foundBy, noted, plain } from '../../../../test/harness/steps.js';
import type { NotedStep, Step } from '../step.js';
import { UnknownWrites } from './unknown-writes.js';

const write = (end: number, code: number, known: Partial<NotedStep> = {}): NotedStep =>
  noted({
    end,
    code,
    method: 'POST',
    isWrite: true,
    ...(code === 202 && { verdict: 'accepted', reason: 'accepted' }),
    ...known,
  });

describe('a write of unknown outcome', () => {
  it.each<[what: string, steps: Step[], unknown: string[], repeated: string[]]>([
    ['timed out and was sent again', [write(0, 504), write(5, 202)], ['504'], ['504']],
    ['was given up by the caller', [write(0, 499), write(5, 202)], ['499'], ['499']],
    ['was cut, though it went well', [write(0, 202, { isCut: true }), write(5, 202)], ['202'], ['202']],
    [
      'was sent again and again',
      [write(0, 504), write(5, 502), write(9, 502)],
      ['504', '502'],
      ['504', '502'],
    ],
    [
      'carries a key, which may be honoured or not',
      [write(0, 504, { isExact: true }), write(5, 202)],
      ['504'],
      ['504'],
    ],
    ['was not sent again', [write(0, 504), write(5, 202, { operation: 2 })], ['504'], []],
    ['was sent again too late', [write(0, 504), write(65, 202)], ['504'], []],
    [
      'was followed by what the caller calls a first attempt',
      [write(0, 504), write(5, 202, { attempt: 1 })],
      ['504'],
      [],
    ],
    ['is none if the answer is known', [write(0, 503), write(5, 202)], [], []],
    ['is none if it reads', [noted({ end: 0, code: 504 }), plain({ end: 5 })], [], []],
  ])('%s', (_, steps, unknown, repeated) => {
    const found = foundBy(UnknownWrites, steps);
    expect(Object.keys(countedOf(found, 'unknownWrites'))).toEqual(unknown.map((code) => `v|${code}`));
    expect(Object.keys(countedOf(found, 'repeatedWrites'))).toEqual(repeated.map((code) => `v|${code}`));
    expect(found.suspects).toHaveLength(repeated.length);
  });

  it('that was sent again is told with both requests', () => {
    const first = write(0, 504, { requestId: 'a1', path: '/volumes', consumer: 'billing', isExact: true });
    const { suspects } = foundBy(UnknownWrites, [first, write(5, 202, { requestId: 'a2' })]);
    expect(suspects).toEqual([
      {
        vendor: 'v',
        device: 'array-1',
        method: 'POST',
        path: '/volumes',
        consumer: 'billing',
        caller: '000000ca11e2',
        isKeyed: true,
        first: { at: BEGIN, code: 504, requestId: 'a1' },
        again: { at: BEGIN + 5000, code: 202, requestId: 'a2' },
      },
    ]);
  });
});
