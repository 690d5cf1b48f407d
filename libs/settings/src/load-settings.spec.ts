import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { InvalidSettings, loadSettings, type Environment } from './load-settings.js';
import { DEFAULT_OBJECTIVES } from '#monitoring';
import { scopeOf } from './source-scope.js';
import { SourceNames } from './source-names.js';

const BROKEN = 'libs/settings/test-data/broken';

/** What listeners of the pages have in common. */
const LISTENER = {
  host: '127.0.0.1',
  tls: undefined,
  max_connections: 256,
  headers_timeout: 20_000,
  request_timeout: 30_000,
};

const hashOf = (secret: string) => ({ sha256: createHash('sha256').update(secret).digest() });

/** Each fixture breaks one rule; its first line says what the author of such a file is told. */
const fixtures = readdirSync(BROKEN).map((name): [string, string[]] => [
  name,
  readFileSync(`${BROKEN}/${name}`, 'utf8').split('\n', 1)[0]!.replace('# expect ', '').split(' ;; '),
]);

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'statuslens-settings-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function load(yaml: string, environment: Environment = {}) {
  const file = join(folder, 'statuslens.yaml');
  writeFileSync(file, yaml);
  return loadSettings(file, environment);
}

function mistakesOf(file: string): string[] {
  try {
    loadSettings(file, {});
    return ['it was accepted'];
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidSettings);
    const { mistakes, message } = error as InvalidSettings;
    for (const { file, line } of mistakes) expect(message).toContain(`${file}:${line}: `);
    return mistakes.map((mistake) => {
      const where = mistake.file === file ? '' : `${relative(process.cwd(), mistake.file)}:`;
      return `${where}${mistake.line}: ${mistake.message}`;
    });
  }
}

describe('loadSettings', () => {
  it.each(fixtures)('refuses %s with file, line and a sentence', (name, expected) => {
    expect(mistakesOf(`${BROKEN}/${name}`)).toEqual(expected);
  });

  it('refuses a file that is not there', () => {
    expect(mistakesOf('nowhere.yaml')).toEqual(['1: cannot be read: no such file']);
  });

  it.each(['statuslens.yaml', 'apps/standalone/demo/statuslens.yaml', 'deploy/statuslens.compose.yaml'])(
    'takes %s',
    (file) => {
      expect(loadSettings(file, { STATUSLENS_TOKEN: 's3cret' }).sources.size).toBeGreaterThan(0);
    },
  );

  it.each([
    ['exporter: { state: kept/here }', 'kept/here'],
    ['exporter: { state: /kept/here }', '/kept/here'],
    ['redis: { data: elsewhere }', 'elsewhere/exporter'],
  ])('keeps the state of the exporter, with %s, in %s', (yaml, state) => {
    expect(load(`${yaml}\nsources: { a: {} }`).exporter.state).toBe(resolve(folder, state));
  });

  it('fills in every default', () => {
    const settings = load('sources: { a: {} }');
    expect({ ...settings, catalogue: undefined, file: undefined }).toEqual({
      redis: { access: undefined, replicas: 0, appendfsync: 'always', data: '.statuslens' },
      ingest: {
        listen: { ...LISTENER, port: 8080, max_connections: 4096, request_timeout: 300_000 },
        receivers: {},
        names: new SourceNames({}),
        allow_anonymous: false,
        credentials: undefined,
        max_body: 16 * 1024 ** 2,
        max_inflated: 256 * 1024 ** 2,
        max_line: 64 * 1024,
        max_inflight: 256 * 1024 ** 2,
        queue: { max_bytes: 1024 ** 3, max_age: 'off' },
      },
      worker: {
        listen: { ...LISTENER, port: 9478 },
        credentials: undefined,
        concurrency: 4,
        lock: 30_000,
      },
      exporter: {
        listen: { ...LISTENER, port: 9477 },
        credentials: undefined,
        state: join(folder, '.statuslens/exporter'),
      },
      claims: { ttlMs: 96 * 3_600_000, maxBytes: 1024 ** 3 },
      dead: { maxAgeMs: 7 * 86_400_000, maxBytes: 256 * 1024 ** 2 },
      privacyKey: undefined,
      lateAfterMs: 300_000,
      conduct: {
        enabled: true,
        retryWindowMs: 60_000,
        jobWithinMs: 900_000,
        pollIntervalMs: 1000,
        maintenanceCallers: 3,
        maxOperations: 50_000,
        maxBytes: 32 * 1024 ** 2,
      },
      shutdown: { notice: 5000, deadline: 20_000 },
      objectives: DEFAULT_OBJECTIVES,
      sources: new Map([
        [
          'a',
          {
            name: 'a',
            vendor: 'auto',
            format: 'auto',
            fields: {},
            routes: [],
            ignore: undefined,
            consumers: [],
            maxDevices: 200,
            model: undefined,
            models: new Map(),
            timeoutInQuery: false,
            repeatsByContent: false,
            heartbeatMs: undefined,
            privacy: 'pass_through',
            labels: {},
            logsLink: undefined,
            limits: { maxBody: undefined, rate: undefined },
            credentials: undefined,
          },
        ],
      ]),
      warnings: [],
    });
  });

  it.each([
    ['250ms', 250],
    ['0s', 0],
    ['90s', 90_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('reads a duration of %s as %d ms', (text, ms) => {
    const settings = load(`late_after: ${text}\nworker: { lock: ${text} }\nsources: { a: {} }`);
    expect([settings.lateAfterMs, settings.worker.lock]).toEqual([ms, ms]);
  });

  it.each([
    ['512B', 512],
    ['64KiB', 65_536],
    ['16MiB', 16_777_216],
    ['1GiB', 1_073_741_824],
  ])('reads a size of %s as %d bytes', (text, bytes) => {
    const held = `max_inflight: ${text}, queue: { max_bytes: ${text} }`;
    const sizes = `{ max_body: ${text}, max_inflated: ${text}, max_line: ${text}, ${held} }`;
    expect(load(`ingest: ${sizes}\nsources: { a: {} }`).ingest).toMatchObject({
      max_body: bytes,
      max_inflated: bytes,
      max_line: bytes,
      max_inflight: bytes,
    });
  });

  it('reads everything that can be said of a source', () => {
    const { sources } = load(
      [
        'sources:',
        '  gateway.one-2:',
        '    vendor: hitachi-opscenter-cm',
        '    format: json',
        '    fields: { status: response.code, duration: { path: took.ms, unit: ms } }',
        '    model: VSP G370',
        '    timeout_in: query',
        '    repeats: by_content',
        '    labels: { team: storage, site_2: "" }',
        '    limits: { max_body: 64KiB, max_rate: 1KiB }',
      ].join('\n'),
    );
    expect(sources.get('gateway.one-2')).toEqual({
      name: 'gateway.one-2',
      vendor: 'hitachi-opscenter-cm',
      format: 'json',
      fields: { status: { path: ['response', 'code'] }, duration: { path: ['took', 'ms'], unit: 'ms' } },
      routes: [],
      ignore: undefined,
      consumers: [],
      maxDevices: 200,
      model: 'VSP G370',
      models: new Map(),
      timeoutInQuery: true,
      repeatsByContent: true,
      privacy: 'pass_through',
      labels: { team: 'storage', site_2: '' },
      limits: { maxBody: 65_536, rate: { bytesPerSecond: 1024, burst: 10_240 } },
      credentials: undefined,
    });
  });

  it('reads who is who: routes, consumers, models and what to ignore', () => {
    const source = load(
      [
        'sources:',
        '  gateway:',
        '    routes: [{ host: "*.storage.example", path: /cm/, vendor: hitachi-opscenter-cm }]',
        '    consumers: [{ name: terraform, user_agent: Terraform/* }, { name: csi, user: csi }]',
        '    ignore: [{ path: /healthz }, { user_agent: kube-probe* }, { address: 10.0.0.0/8 }, { address: "2001:db8::7" }]',
        '    max_devices: 3',
        '    models: { "886000123456": VSP G370 }',
      ].join('\n'),
    ).sources.get('gateway')!;
    expect(source.routes).toEqual([
      { host: '*.storage.example', path: '/cm/', vendor: 'hitachi-opscenter-cm' },
    ]);
    expect(source.consumers).toEqual([
      { name: 'terraform', userAgent: 'Terraform/*' },
      { name: 'csi', user: 'csi' },
    ]);
    expect(source.ignore).toMatchObject({ paths: ['/healthz'], userAgents: ['kube-probe*'] });
    const ignored = ['10.1.2.3', '2001:db8::7', '11.0.0.1', '2001:db8::8', 'unix:'].map(
      source.ignore!.hasAddress!,
    );
    expect(ignored).toEqual([true, true, false, false, false]);
    expect(source.maxDevices).toBe(3);
    expect(source.models.get('886000123456')).toBe('VSP G370');
  });

  it('takes secrets from the file itself, from the environment and from files beside the settings', () => {
    writeFileSync(join(folder, 'password.txt'), '  from a file\n');
    const { sources } = load(
      [
        'sources:',
        '  plain: { auth: { bearer: here } }',
        '  both: { auth: { bearer: { env: TOKEN }, basic: { username: me, password: { file: password.txt } } } }',
        '  none: { auth: {} }',
      ].join('\n'),
      { TOKEN: 'from the environment' },
    );
    expect(sources.get('plain')!.credentials).toEqual({ bearers: [hashOf('here')], basic: undefined });
    expect(sources.get('none')!.credentials).toEqual({ bearers: [], basic: undefined });
    expect(sources.get('both')!.credentials).toEqual({
      bearers: [hashOf('from the environment')],
      basic: { username: 'me', passwords: [hashOf('from a file')] },
    });
  });

  it('takes the secrets of Fluent Forward as texts, apart from where it listens', () => {
    writeFileSync(join(folder, 'password.txt'), 'from a file\n');
    const forward = '{ host: 0.0.0.0, shared_key: { env: KEY }, users: { me: { file: password.txt } } }';
    const { forwardSecrets, ingest } = load(
      `ingest: { receivers: { forward: ${forward} } }\nsources: { a: {} }`,
      { KEY: 'from the environment' },
    );
    expect(forwardSecrets).toEqual({
      sharedKey: 'from the environment',
      users: new Map([['me', 'from a file']]),
    });
    expect(ingest.receivers.forward).toMatchObject({ port: 24_224, shared_key: undefined, users: undefined });
  });

  it('takes hashes of secrets, and several secrets, and warns of those that can be guessed', () => {
    const hex = createHash('sha256').update('new').digest('hex');
    const { exporter, sources, warnings } = load(
      [
        'exporter:',
        '  auth: { basic: { username: prometheus, password: { scrypt: "$scrypt$ln=14,r=8,p=1$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA" } } }',
        'sources:',
        '  rotating:',
        `    auth: { bearer: [old, { sha256: ${hex} }, { env: LONG }] }`,
      ].join('\n'),
      { LONG: 'f'.repeat(32) },
    );
    expect(sources.get('rotating')!.credentials!.bearers).toEqual(['old', 'new', 'f'.repeat(32)].map(hashOf));
    const scrypt = { N: 16_384, r: 8, p: 1, salt: Buffer.from('salt'), key: Buffer.alloc(16) };
    expect(exporter.credentials).toEqual({
      bearers: [],
      basic: { username: 'prometheus', passwords: [{ scrypt }] },
    });
    expect(warnings).toMatchObject([
      { line: 5, message: expect.stringMatching(/^source rotating: .* 3 char/) as string },
    ]);
  });

  it.each(['[::1]', '127.9.9.9', 'localhost'])('lets senders without credentials reach %s', (host) => {
    const bare = host.replace(/[[\]]/g, '');
    expect(load(`ingest: { listen: { host: "${bare}" } }\nsources: { a: {} }`).ingest.listen.host).toBe(bare);
  });

  it.each([
    'ingest: { listen: { host: 0.0.0.0 }, allow_anonymous: true }\nsources: { a: {} }',
    'ingest: { listen: { host: 0.0.0.0 } }\nsources: { a: { auth: { bearer: aaaaaaaaaaaaaaaa } } }',
    'exporter: { listen: { host: "::" } }\nworker: { listen: { host: "::" } }\nsources: { a: {} }',
  ])('takes a port that is open to others where that is meant or needs credentials: %s', (yaml) => {
    expect(load(yaml).warnings).toEqual([]);
  });

  it('adds vendors of the user, by paths beside the settings, to those that are shipped', () => {
    const acme = readFileSync('libs/catalogue/vendors/otc-dcs.yaml', 'utf8').replace(
      'vendor: otc-dcs',
      'vendor: acme',
    );
    writeFileSync(join(folder, 'acme.yaml'), acme);
    const { catalogue, sources } = load('vendors: [acme.yaml]\nsources: { a: { vendor: acme } }');
    expect(catalogue.files.map(({ vendor }) => vendor)).toEqual([
      'forgerock-crest',
      'hitachi-hsae',
      'hitachi-opscenter-cm',
      'huawei-cloud',
      'otc-dcs',
      'acme',
    ]);
    expect(scopeOf(sources.get('a')!, catalogue).vendors).toEqual(['acme']);
  });

  it('judges a source by the documents of its routes, too', () => {
    const route = '{ path: /cm/, vendor: hitachi-opscenter-cm }';
    const { catalogue, sources } = load(
      `sources: { a: { vendor: otc-dcs, routes: [${route}, { path: /dcs/, vendor: otc-dcs }] } }`,
    );
    expect(scopeOf(sources.get('a')!, catalogue).vendors).toEqual(['otc-dcs', 'hitachi-opscenter-cm']);
  });

  it('gives an object whose parts nobody can replace', () => {
    const settings = load('sources: { a: {} }');
    expect(Object.isFrozen(settings)).toBe(true);
    expect(() => Object.assign(settings, { lateAfterMs: 1 })).toThrow(TypeError);
  });
});
