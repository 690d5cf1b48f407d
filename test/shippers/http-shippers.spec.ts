import { until } from '../harness/until.js';
import { FAKE_HTTP_SHIPPERS } from './fake-http-shippers.js';
import { askFirst, ship, type Shipped } from './fake-shipper.js';
import { distinctLines, startTrouble, type Trouble } from './trouble.js';

const LINES = distinctLines(300);
const BATCH = 50;
const FAKES = Object.entries(FAKE_HTTP_SHIPPERS);

/** Shippers that cannot be had here, each as its source says that it is, at the same time. */
describe('what posts lines to a path, while nothing goes well', () => {
  let trouble: Trouble;
  let counted: ReadonlyMap<string, number>;
  const fakes = new Map<string, Shipped>(
    FAKES.map(([name]) => [name, { delivered: 0, dropped: 0, refused: 0 }]),
  );

  beforeAll(async () => {
    trouble = await startTrouble(undefined, {}, Object.fromEntries(FAKES.map(([name]) => [name, {}])));
    await trouble.killRedis();
    await Promise.all(FAKES.map(([, fake]) => askFirst(fake, trouble.url)));
    const sent = FAKES.map(([name, fake]) => ship(fake, trouble.url, LINES, BATCH, fakes.get(name)!));
    await until('everybody was refused', async () => {
      for (const name of fakes.keys())
        if ((await trouble.refused('unavailable', name)) === 0) throw new Error(`all but ${name}`);
      return true;
    });
    await trouble.restartRedis();
    // who is quick has sent all by then
    await until('the queue is full', () => trouble.refused('overloaded'));
    await trouble.startCounting();
    await Promise.all(sent);
    counted = await trouble.counted();
  }, 60_000);
  afterAll(() => trouble.stop());

  it.each(FAKES.map(([name, fake]) => [fake.name, name]))('a fake of %s: N of N', (_, name) => {
    const { refused, ...shipped } = fakes.get(name)!;
    expect(shipped).toEqual({ delivered: LINES.length, dropped: 0 });
    expect(refused).toBeGreaterThan(0);
    expect(counted.get(name)).toBe(LINES.length);
  });
});
