import fc from 'fast-check';
import { labelsIn } from './loki-labels.js';
import { Malformed } from './malformed.js';

const read = (text: string): Record<string, string> => Object.fromEntries(labelsIn(text));

describe('the labels of a stream', () => {
  it.each([
    ['{}', {}],
    [' { } ', {}],
    ['{job="nginx"}', { job: 'nginx' }],
    ['{job="nginx", host="web1",}', { job: 'nginx', host: 'web1' }],
    ['{ a = "x,y}z" , b="" }', { a: 'x,y}z', b: '' }],
    [String.raw`{a="say \"hi\"",b="C:\\logs"}`, { a: 'say "hi"', b: 'C:\\logs' }],
    [String.raw`{a="\n\t\x41\u00e9\U0001F600\101"}`, { a: '\n\tAé😀A' }],
    ['{a=`C:\\logs "x"`}', { a: 'C:\\logs "x"' }],
    ['{service.name="x",k8s:pod="y"}', { 'service.name': 'x', 'k8s:pod': 'y' }],
  ])('reads %s', (text, labels) => {
    expect(read(text)).toEqual(labels);
  });

  it.each([
    '',
    'job="nginx"',
    '{job="nginx"',
    '{job=nginx}',
    '{job="a" host="b"}',
    '{job="a"}}',
    '{job="a"b"}',
    '{job="a\\"}',
    '{job=~"a"}',
    `{a="${'x'.repeat(70_000)}"}`,
  ])('says what is wrong with case %#', (text) => {
    expect(() => labelsIn(text)).toThrow(Malformed);
  });

  it('reads back what Go writes', () => {
    const label = fc.tuple(fc.stringMatching(/^[a-z_]{1,9}$/), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(fc.array(label), (pairs) => {
        const text = pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ');
        expect(read(`{${text}}`)).toEqual(Object.fromEntries(pairs));
      }),
    );
  });

  it('takes no longer than a line of text does, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}=,"\\` aé') }), (text) => {
        try {
          labelsIn(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }),
    );
    const commas = `{${'a="",'.repeat(13_000)}`;
    const begin = performance.now();
    expect(() => labelsIn(commas)).toThrow(Malformed);
    expect(performance.now() - begin).toBeLessThan(500);
  });
});
