import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { parse } from 'yaml';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { startStatuslens, type RunningStatuslens } from './harness/statuslens.js';

const GOLDEN = 'test/golden';
const SHOWN = /^statuslens_(requests|undocumented|lines|rejected_lines)_total\{/;

/**
 * test/golden/<format>/access.log goes in; the counters that it moves are test/golden/<format>/expected.metrics.
 * The source is as source.yaml says, where there is one.
 */
describe('an access log becomes metrics', () => {
  const formats = readdirSync(GOLDEN);
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let counted = 0;

  beforeAll(async () => {
    redis = await startRedis();
    const sources = Object.fromEntries(formats.map((format) => [format, sourceOf(format)]));
    statuslens = await startStatuslens(redis.url, { sources });
  });
  afterAll(async () => {
    await statuslens.stop();
    await redis.stop();
  });

  it.each(formats)('%s', async (format) => {
    const log = readFileSync(`${GOLDEN}/${format}/access.log`, 'utf8');
    await statuslens.send(format, log);
    counted += log.trim().split('\n').length;
    const metrics = await statuslens.counted(counted);
    const moved = [...metrics]
      .filter(([sample]) => SHOWN.test(sample) && sample.includes(`source="${format}"`))
      .map(([sample, value]) => `${sample} ${value}`);
    expect(moved.sort()).toEqual(
      readFileSync(`${GOLDEN}/${format}/expected.metrics`, 'utf8').trim().split('\n'),
    );
  });
});

function sourceOf(format: string): object {
  const file = `${GOLDEN}/${format}/source.yaml`;
  return existsSync(file) ? (parse(readFileSync(file, 'utf8')) as object) : { format };
}
