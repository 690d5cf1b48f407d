import fc from 'fast-check';
import { bytesOfStates, statesIn } from './saved-states.js';
import type { SavedLists } from './tracker.js';

const lists = fc.array(fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 500, size: 'max' }), {
  maxLength: 3,
}) as fc.Arbitrary<SavedLists>;

describe('states of trackers', () => {
  it('are read as they were saved, however long their lists are', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), lists, { noNullPrototype: true }), (states) => {
        const saved = Object.entries(states);
        const read = [...statesIn(bytesOfStates(saved))];
        expect(JSON.stringify(read)).toBe(JSON.stringify(saved));
      }),
      { numRuns: 50 },
    );
  });

  const saved = bytesOfStates([['retries', [[1, 2, 3], ['a']]]]);

  it('are lines that a person can read', () => {
    expect(saved.toString()).toBe('{"version":3}\n{"tracker":"retries","lengths":[3,1]}\n[1,2,3]\n["a"]\n');
  });

  it.each([
    ['cut short', saved.subarray(0, -1), /damaged state: no line ends after byte 60/],
    ['empty', Buffer.alloc(0), /no line ends after byte 0/],
    ['of another version', Buffer.from('{"version":2}\n'), /version 2, but this program reads version 3/],
    ['something else', Buffer.from('something else\n'), /JSON/],
  ])('are refused if they are %s', (_, damaged, error) => {
    expect(() => statesIn(damaged)).toThrow(error);
  });
});
