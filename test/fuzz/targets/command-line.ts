import assert from 'node:assert/strict';
import { Readable, Writable } from 'node:stream';
import { duration } from '#settings';
import { parseChoice } from '../../../apps/cli/src/chosen-dead.js';
import { UsageError } from '../../../apps/cli/src/io.js';
import { run } from '../../../apps/cli/src/run.js';
import { parseSelector } from '../../../apps/cli/src/settings-tests/metric-selector.js';
import { size } from '../../../libs/settings/src/units.js';
import { filesOf } from '../corpus.js';
import type { Target } from '../target.js';

const BETWEEN = '\u0001';

class Written extends Writable {
  text = '';

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs a command; it must come to an end with a code and write nothing that a terminal obeys. */
async function checkRun(argv: readonly string[], input: Buffer): Promise<void> {
  const stdout = new Written();
  const stderr = new Written();
  const environment = { STATUSLENS_CONFIG: 'statuslens.yaml' };
  const code = await run(argv, { stdin: Readable.from([input]), stdout, stderr, environment });
  assert([0, 1, 2].includes(code), `exit code ${code}`);
  assert(code === 0 || stdout.text !== '' || stderr.text !== '', 'it failed without a word');
  const control = /(?!\n)\p{Cc}/u.exec(stdout.text);
  assert.equal(control, null, 'standard output has a control character');
}

const GOLDEN = filesOf('.jsonl', 'libs/verdict/test-data').flatMap((file) =>
  file.toString().trim().split('\n'),
);

/** Lines for `statuslens classify`, many at a time: it reads the settings at each start. */
const classify: Target = {
  name: 'cli:classify',
  corpus: [0, 1, 2, 3].map((i) => Buffer.from(GOLDEN.slice(8 * i, 8 * i + 8).join('\n'))),
  words: GOLDEN.slice(0, 20),
  share: 0.01,
  longest: 64 * 1024,
  check: (input) => checkRun(['classify'], input),
};

const COMMAND_LINES = [
  'explain huawei-cloud 503 --retry-after 3 --method GET --path /a',
  'explain hitachi-hsae 413 --json --origin gateway --content-type a/b',
  'explain otc-dcs 207 --partial-success 2 --error-code X --model=VSP',
  'check-config statuslens.yaml',
  'test --config statuslens.yaml nowhere.yaml',
  'rules --help',
  'dead list extra',
  'dead replay --all --source a',
  'reconcile - --prometheus ftp://x --source default --since 2026-11-21T07:00',
  'nonsense --version',
];

/** Arguments, one behind the other. */
const commandLine: Target = {
  name: 'cli:arguments',
  corpus: COMMAND_LINES.map((line) => Buffer.from(line.replaceAll(' ', BETWEEN))),
  words: [
    BETWEEN,
    '--',
    '-',
    '--config',
    '--source',
    '--json',
    '--all',
    '--since',
    'explain',
    'classify',
    'check-config',
  ],
  share: 0.02,
  longest: 4096,
  async check(input) {
    const argv = input.toString().replaceAll('\0', '').split(BETWEEN);
    // these would reach for a Redis or write files
    if (
      /^(dead|rejected|reconcile|analyze|dashboards|rules|test)$/.test(argv[0]!) &&
      !argv.includes('--help')
    ) {
      parsed(() => parseChoice(argv.slice(1)));
      return;
    }
    await checkRun(argv, Buffer.alloc(0));
  },
};

function parsed(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    assert(error.message.length > 0, 'a usage error without a sentence');
  }
}

/** Durations and sizes are whole numbers that a computer can count to, or mistakes. */
const units: Target = {
  name: 'cli:units',
  corpus: ['5m', '96h', '250ms', '7d', '0s', '16MiB', '1GiB', '512B', '64KiB'].map((text) =>
    Buffer.from(text),
  ),
  words: ['ms', 's', 'm', 'h', 'd', 'B', 'KiB', 'MiB', 'GiB'],
  share: 40,
  check(input) {
    for (const unit of [duration('x'), size('x')]) {
      const result = unit.safeParse(input.toString());
      if (result.success) assert(Number.isSafeInteger(result.data) && result.data >= 0, `${result.data}`);
    }
  },
};

/** `name{label="value"}` of a test file. */
const selector: Target = {
  name: 'cli:selector',
  corpus: [
    'statuslens_lines_total{source="a", outcome="classified"}',
    'statuslens_request_duration_seconds_bucket{le="+Inf",verdict="ok"}',
    'statuslens_ingest_delay_seconds_sum',
    'statuslens_lines_total{}',
  ].map((text) => Buffer.from(text)),
  words: ['{', '}', '="', '",', 'le', 'source', '_bucket', '_sum', '\\"', '\\u0041'],
  share: 100,
  check(input) {
    const parsed = parseSelector(input.toString());
    if (typeof parsed === 'string') assert(parsed.length > 0);
    else assert(Object.values(parsed.labels).every((value) => typeof value === 'string'));
  },
};

export const commandLineTargets: readonly Target[] = [classify, commandLine, units, selector];
