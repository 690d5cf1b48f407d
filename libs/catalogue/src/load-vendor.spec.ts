import { readFileSync, readdirSync } from 'node:fs';
import { describeMistake } from './checked-yaml.js';
import { loadVendor } from './load-vendor.js';

const BROKEN = 'libs/catalogue/test-data/broken';

/** Each fixture breaks one rule; its first line says what the author of such a file is told. */
const fixtures = readdirSync(BROKEN).map((name): [string, string, string[]] => {
  const text = readFileSync(`${BROKEN}/${name}`, 'utf8');
  return [name, text, text.split('\n', 1)[0]!.replace('# expect ', '').split(' ;; ')];
});

describe('loadVendor', () => {
  it.each(fixtures)('refuses %s with file, line and a sentence', (name, text, expected) => {
    const mistakes = loadVendor(name, text);
    expect(Array.isArray(mistakes) ? mistakes.map(describeMistake) : 'it was accepted').toEqual(
      expected.map((message) => `${name}:${message}`),
    );
  });

  it('says of a file that is nested too deeply for the parser that it is', () => {
    expect(loadVendor('deep.yaml', `a: ${'1: '.repeat(20_000)}`)).toEqual([
      { file: 'deep.yaml', line: 1, message: 'not readable as YAML: it is nested too deeply' },
    ]);
  });

  it('lists every mistake of a file at once', () => {
    const text = readFileSync(`${BROKEN}/unknown-reason.yaml`, 'utf8').replace(
      'action: retry_later',
      'action: no',
    );
    expect(loadVendor('two.yaml', text)).toHaveLength(2);
  });
});
