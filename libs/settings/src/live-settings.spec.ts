import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { KnownFiles } from './known-files.js';
import { LiveSettings } from './live-settings.js';

const BASE = { redis: { url: 'redis://a' }, sources: { a: {}, b: { ignore: [{ address: '10.0.0.0/8' }] } } };

describe('settings of a running process', () => {
  /** Of all tests, so that the shipped vendors are understood once. */
  const known = new KnownFiles();
  let folder: string;
  let file: string;

  const write = (settings: object): void => writeFileSync(file, stringify(settings));
  const live = (settings: object = BASE): LiveSettings => {
    write(settings);
    return new LiveSettings(file, {}, known);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'statuslens-live-'));
    file = join(folder, 'statuslens.yaml');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('stay one and the same object while nothing is different', () => {
    const settings = live();
    const before = settings.now;
    let calls = 0;
    settings.onChange(() => calls++);
    write({ ...BASE, late_after: '5m' });
    expect([settings.reload(), settings.now === before, calls]).toEqual([[], true, 0]);
  });

  it('keep what has not changed, and name what has', () => {
    const settings = live();
    const { sources, catalogue } = settings.now;
    write({ ...BASE, late_after: '1m', sources: { ...BASE.sources, a: { vendor: 'otc-dcs' }, c: {} } });
    const told: unknown[] = [];
    settings.onChange(({ lateAfterMs }) => told.push(lateAfterMs));
    expect(settings.reload()).toEqual(['source a is changed', 'source c is new', 'late_after is changed']);
    expect(settings.now.sources.get('b')).toBe(sources.get('b'));
    expect(settings.now.sources.get('a')).not.toBe(sources.get('a'));
    expect(settings.now.catalogue).toBe(catalogue);
    expect(told).toEqual([60_000]);
    write({ ...BASE, sources: { b: BASE.sources.b } });
    expect(settings.reload()).toEqual(['source a is gone', 'source c is gone', 'late_after is changed']);
  });

  it.each(Object.entries({ vendor: 'otc-dcs', ignore: [{ address: '10.0.0.0/9' }], labels: { team: 'x' } }))(
    'see that %s of a source is another',
    (key, value) => {
      const settings = live();
      write({ ...BASE, sources: { ...BASE.sources, b: { ...BASE.sources.b, [key]: value } } });
      expect(settings.reload()).toEqual(['source b is changed']);
    },
  );

  it('stay as they are while the files cannot be used, and follow once they can', () => {
    const settings = live();
    const before = settings.now;
    const { readAt } = settings.state;
    writeFileSync(file, 'late_after: soon\nsources: { a: { vendor: nobody } }\n');
    expect([settings.reload(), settings.now === before]).toEqual([[], true]);
    expect(settings.state).toEqual({
      readAt,
      mistakes: [`${file}:1: late_after: must be a number and a unit: ms, s, m, h or d, such as 5m`],
      needRestart: [],
    });
    write({ ...BASE, late_after: '1m' });
    expect(settings.reload()).toEqual(['late_after is changed']);
    expect(settings.state.mistakes).toEqual([]);
    expect(settings.state.readAt).toBeGreaterThanOrEqual(readAt);
  });

  it('name what needs a restart, take the rest, and compare with how the process was started', () => {
    const settings = live();
    const { redis, worker, ingest, exporter, claims } = settings.now;
    write({
      ...BASE,
      redis: { url: 'redis://b', appendfsync: 'everysec', data: 'x' },
      ingest: { listen: { port: 1 }, max_line: '1KiB' },
      worker: { listen: { port: 2 }, lock: '9s', concurrency: 7 },
      exporter: { listen: { port: 3 }, state: 'y' },
      claims: { ttl: '1h', max_bytes: '1MiB' },
      conduct: { enabled: false },
    });
    expect(settings.reload()).toEqual(['ingest is changed', 'worker is changed', 'conduct is changed']);
    expect(settings.now.conduct.enabled).toBe(false);
    expect(settings.state.needRestart).toEqual([
      'redis',
      'redis.appendfsync',
      'redis.data',
      'ingest.listen',
      'worker.listen',
      'worker.lock',
      'exporter.listen',
      'exporter.state',
      'claims.ttl',
      'claims.max_bytes',
    ]);
    expect(settings.now).toMatchObject({
      redis,
      exporter,
      claims,
      ingest: { ...ingest, max_line: 1024 },
      worker: { ...worker, concurrency: 7 },
    });
    write(BASE);
    settings.reload();
    expect(settings.state.needRestart).toEqual([]);
  });

  it('of a Redis that was started for them do not forget it', () => {
    const settings = live({ sources: { a: {} } });
    settings.useRedis({ url: 'unix:///x' });
    write({ sources: { b: {} } });
    settings.reload();
    expect([settings.now.redis.access, settings.state.needRestart]).toEqual([{ url: 'unix:///x' }, []]);
    write({ redis: { url: 'redis://a' }, sources: { b: {} } });
    settings.reload();
    expect([settings.now.redis.access, settings.state.needRestart]).toEqual([
      { url: 'unix:///x' },
      ['redis'],
    ]);
  });

  it('follow vendor files and secrets, and know which files those are', () => {
    const vendor = join(folder, 'own.yaml');
    const shipped = readFileSync('libs/catalogue/vendors/otc-dcs.yaml', 'utf8');
    writeFileSync(vendor, shipped.replace('vendor: otc-dcs', 'vendor: own'));
    writeFileSync(join(folder, 'token'), 'one\n');
    const settings = live({
      ...BASE,
      vendors: ['own.yaml'],
      sources: { a: { auth: { bearer: { file: 'token' } } }, b: {} },
    });
    expect(settings.paths).toEqual(expect.arrayContaining([file, vendor, join(folder, 'token')]));
    writeFileSync(join(folder, 'token'), 'two\n');
    expect(settings.reload()).toEqual(['source a is changed']);
    const sha256 = createHash('sha256').update('two').digest();
    expect(settings.now.sources.get('a')!.credentials).toMatchObject({ bearers: [{ sha256 }] });
    const { catalogue } = settings.now;
    writeFileSync(vendor, 'vendor: 1\n');
    expect([settings.reload(), settings.now.catalogue === catalogue]).toEqual([[], true]);
    expect(settings.state.mistakes[0]).toContain(`${vendor}:1: `);
    rmSync(vendor);
    settings.reload();
    expect(settings.state.mistakes).toEqual([`${vendor}:1: cannot be read: no such file`]);
    expect(settings.paths).toContain(vendor);
  });
});
