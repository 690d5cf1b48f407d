import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { parse } from 'yaml';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { startStatuslens, type RunningStatuslens } from './harness/statuslens.js';

const PRIVACIES = ['pass_through', 'strict'] as const;
const GOLDEN = 'test/golden';
const SHOWN = /^statuslens_(requests|undocumented|lines|rejected_lines)_total\{/;

/**
 * test/golden/<format>/access.log goes in; the counters that it moves are test/golden/<format>/expected.metrics,
 * whatever the privacy of the source, which is else as source.yaml says, where there is one.
 */
describe('an access log becomes metrics', () => {
  const formats = readdirSync(GOLDEN);
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let counted = 0;

  beforeAll(async () => {
    redis = await startRedis();
    const sources = Object.fromEntries(
      PRIVACIES.flatMap((privacy) =>
        formats.map((format) => [`${format}.${privacy}`, { ...sourceOf(format), privacy }]),
      ),
    );
    statuslens = await startStatuslens(redis.url, { privacy: { key: 'k'.repeat(64) }, sources });
  });
  afterAll(async () => {
    await statuslens.stop();
    await redis.stop();
  });

  const pairs = PRIVACIES.flatMap((privacy) => formats.map((format) => [format, privacy] as const));

  it.each(pairs)('%s, privacy: %s', async (format, privacy) => {
    const source = `${format}.${privacy}`;
    const log = readFileSync(`${GOLDEN}/${format}/access.log`, 'utf8');
    await statuslens.send(source, log);
    counted += log.trim().split('\n').length;
    const metrics = await statuslens.counted(counted);
    const moved = [...metrics]
      .filter(([sample]) => SHOWN.test(sample) && sample.includes(`source="${source}"`))
      .map(([sample, value]) => `${sample.replace(`source="${source}"`, `source="${format}"`)} ${value}`);
    expect(moved.sort()).toEqual(
      readFileSync(`${GOLDEN}/${format}/expected.metrics`, 'utf8').trim().split('\n'),
    );
  });
});

function sourceOf(format: string): object {
  const file = `${GOLDEN}/${format}/source.yaml`;
  return existsSync(file) ? (parse(readFileSync(file, 'utf8')) as object) : { format };
}
