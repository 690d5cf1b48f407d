import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Catalogue, checkYaml, loadVendor, type Mistake } from '#catalogue';
import { InvalidSettings, loadSettings, scopeOf, settingsSchema } from '#settings';
import { SourceReader, lensOf, seriesBound } from '#verdict';
import { testFileSchema } from '../../../apps/cli/src/settings-tests/test-file.js';
import { filesOf } from '../corpus.js';
import { ownFolder } from '../own-folder.js';
import type { Target } from '../target.js';

/** YAML takes its time; what is found in a longer file is found in a shorter one. */
const LONGEST = 12 * 1024;
const SETTINGS = filesOf(
  '.yaml',
  ...['statuslens.yaml', 'apps/standalone/demo', 'deploy/statuslens.compose.yaml', 'test/fuzz/sources.yaml'],
  'libs/settings/test-data/broken',
);
const WORDS = [
  ...[
    '&a ',
    '*a',
    '<<: *a\n',
    '? ',
    '!!set',
    '!!timestamp',
    '--- ',
    '...',
    '%YAML 1.1\n',
    '|\n',
    '{',
    '}',
    '[',
    ']',
    '# ',
  ],
  ...[
    'sources:',
    'vendor:',
    'statuses:',
    'rules:',
    'when:',
    'not:',
    'fields:',
    'examples:',
    '\n  - ',
    '\n\t',
  ],
];

/** Every mistake is in a file, on a line that is there, and says something. */
function checkMistakes(mistakes: readonly Mistake[], file: string, text: string): void {
  assert(mistakes.length > 0, 'refused without a mistake');
  const lines = text.split('\n').length;
  for (const mistake of mistakes) {
    assert(mistake.message.length > 0, 'a mistake without a message');
    assert(
      mistake.file !== file || (mistake.line >= 1 && mistake.line <= lines),
      `line ${mistake.line} of ${lines}`,
    );
  }
}

/** The shape of a file that users write. */
const shape = (name: string, schema: Parameters<typeof checkYaml>[0], corpus: readonly Buffer[]): Target => ({
  name: `yaml:${name}`,
  corpus,
  words: WORDS,
  share: 2,
  longest: LONGEST,
  check(input) {
    const text = input.toString();
    const checked = checkYaml(schema, 'a.yaml', text);
    if (Array.isArray(checked)) checkMistakes(checked, 'a.yaml', text);
  },
});

const file = join(ownFolder(), 'statuslens.yaml');

/** Settings with all that they name; those that can be used can be used. */
const settings: Target = {
  name: 'yaml:settings',
  corpus: SETTINGS,
  words: WORDS,
  share: 0.01,
  longest: LONGEST,
  check(input) {
    writeFileSync(file, input);
    try {
      const loaded = loadSettings(file, { STATUSLENS_TOKEN: 'x' });
      const lens = lensOf(loaded.catalogue);
      for (const source of loaded.sources.values()) {
        new SourceReader(lens, source);
        const names = { devices: source.maxDevices, consumers: source.consumers.map((one) => one.name) };
        assert(Number.isSafeInteger(seriesBound(loaded.catalogue, scopeOf(source, loaded.catalogue), names)));
      }
    } catch (error) {
      if (!(error instanceof InvalidSettings)) throw error;
      checkMistakes(error.mistakes, file, input.toString());
    }
  },
};

/** The beginning of a shipped file, up to its fourth status, with an example. */
const shortened = (text: string): string => {
  const statuses = text.indexOf('\nstatuses:');
  const ends = [...text.slice(statuses).matchAll(/\n {2}['"]?\d{3}['"]?:/g)].map(
    ({ index }) => statuses + index,
  );
  return `${text.slice(0, ends[4] ?? text.length)}\nexamples:\n  - given: { code: 599 }\n    expect: { verdict: undocumented }\n`;
};
const VENDORS = [
  ...filesOf('.yaml', 'libs/catalogue/vendors').map((one) => Buffer.from(shortened(one.toString()))),
  ...filesOf('.yaml', 'libs/catalogue/test-data/broken'),
].filter((one) => one.length < LONGEST);

/** A vendor file that loads can be compiled, and every status of it has a judgement. */
const vendor: Target = {
  name: 'yaml:vendor',
  corpus: VENDORS,
  words: WORDS,
  share: 1,
  longest: LONGEST,
  check(input) {
    const text = input.toString();
    const loaded = loadVendor('a.yaml', text);
    if (Array.isArray(loaded)) return checkMistakes(loaded, 'a.yaml', text);
    const catalogue = new Catalogue([loaded]);
    for (let cell = 0; cell < catalogue.cellCount; cell += 7)
      assert(catalogue.judgement(cell).verdict, `cell ${cell}`);
  },
};

export const yamlTargets: readonly Target[] = [
  shape('settings-shape', settingsSchema, SETTINGS),
  shape('tests-shape', testFileSchema, [
    readFileSync('docs/example-tests.yaml'),
    ...filesOf('tests.yaml', 'apps/cli/test-data'),
    ...filesOf('mistakes.yaml', 'apps/cli/test-data'),
  ]),
  settings,
  vendor,
];
