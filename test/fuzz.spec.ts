import { readFileSync } from 'node:fs';
import { FORMAT_NAMES } from '#access-log';
import { LOG_LINES } from './fuzz/corpus.js';
import { fuzz } from './fuzz/fuzz-run.js';
import { told } from './fuzz/report.js';
import { literal } from './fuzz/shrink.js';
import type { Target } from './fuzz/target.js';
import { TARGETS } from './fuzz/targets/index.js';

/** The short form; `npm run test:fuzz` is the long one. */
const SEED = 20_261_121;
const SHORT_MS = 100;
/** What reads all settings for each input is left to the long form. */
const LEAST_SHARE = 0.1;

describe('whatever the bytes', () => {
  it.each(TARGETS.filter(({ share }) => share >= LEAST_SHARE))('$name keeps its promises', async (target) => {
    const { failure, ...outcome } = await fuzz(target, {
      seed: SEED,
      inputs: 2000,
      strangers: LOG_LINES,
      mostMs: SHORT_MS,
    });
    expect(failure && told({ ...outcome, failure }, SEED)).toBeUndefined();
    expect(outcome.inputs).toBeGreaterThan(0);
  });

  it('every format is tried', () => {
    const names = TARGETS.map(({ name }) => name);
    expect(FORMAT_NAMES.filter((format) => !names.includes(`format:${format}`))).toEqual([]);
  });
});

const target = (check: Target['check'], corpus = ['a plain line']): Target => ({
  name: 'a target',
  corpus: corpus.map((text) => Buffer.from(text)),
  share: 1,
  check,
});
const tried = (one: Target) => fuzz(one, { seed: SEED, inputs: 20_000, shrinkMs: 300, strangers: [] });

describe('a target that breaks its promise', () => {
  it('is found by a byte that nobody expects, and told with the smallest input', async () => {
    const outcome = await tried(
      target((input) => {
        if (input.includes(0)) throw new Error('a NUL');
      }),
    );
    expect(outcome.failure?.input).toEqual(Buffer.from([0]));
    expect(told(outcome, SEED)).toContain("Buffer.from('\\x00', 'latin1')");
    expect(told(outcome, SEED)).toContain(`--target a target --seed ${SEED}`);
  });

  it('is found by its second half, too: one that answers later', async () => {
    const outcome = await tried(target(async (input) => Promise.reject(new Error(`${input.length}`))));
    expect(outcome).toMatchObject({ inputs: 1, failure: { input: Buffer.alloc(0) } });
  });

  it('is found if it costs the square of its input', async () => {
    const outcome = await tried(
      target((input) => {
        let sum = 0;
        for (let i = 0; i < input.length; i++) for (let j = 0; j < i; j += 8) sum += input[j]!;
        return void sum;
      }),
    );
    expect(outcome.failure?.message).toMatch(/bytes take .* times as long/);
  });

  it('gets the same inputs again with the same seed, and others with another one', async () => {
    const inputs = async (seed: number): Promise<string[]> => {
      const seen: string[] = [];
      await fuzz(
        target((input) => void seen.push(literal(input))),
        { seed, inputs: 50, strangers: [] },
      );
      return seen;
    };
    expect(await inputs(1)).toEqual(await inputs(1));
    expect(await inputs(1)).not.toEqual(await inputs(2));
  });
});

it('an input is shown as an expression that gives its bytes', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  for (const shown of [bytes, readFileSync('statuslens.yaml'), Buffer.alloc(5000, 7)]) {
    const [, text, encoding] = /^Buffer\.from\('(.*)', '(latin1|base64)'\)$/s.exec(literal(shown))!;
    const unescaped = text!.replace(/\\(x(..)|.)/gs, (_, one: string, hex?: string) =>
      hex ? String.fromCharCode(parseInt(hex, 16)) : one === 'n' ? '\n' : one,
    );
    expect(Buffer.from(unescaped, encoding as BufferEncoding)).toEqual(shown);
  }
});
