import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { Authority, textsOf, type Certificate } from './harness/certificates.js';
import { startScript } from './harness/child.js';
import { describeWith } from './harness/programs.js';
import { startPrometheus } from './harness/prometheus.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { settingsFor, writeSettings } from './harness/settings.js';
import { startStatuslens, type RunningStatuslens } from './harness/statuslens.js';
import { until } from './harness/until.js';

const TOKEN = '7d3c3a4be7e2b0a6c1d2e3f405162738';
const READER = {
  bearer: TOKEN,
  basic: { username: 'prometheus', password: 'a long password of prometheus' },
};
const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"\n';

await describeWith(['openssl', 'prometheus', 'redis-server'], 'listeners with TLS', () => {
  let folder: string;
  let authority: Authority;
  let stranger: Authority;
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  let client: Certificate;
  const file = (name: string): string => join(folder, name);

  function serve({ cert, key }: Certificate): void {
    copyFileSync(cert, file('server.crt'));
    copyFileSync(key, file('server.key'));
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'statuslens-tls-'));
    [authority, stranger, redis] = await Promise.all([Authority.create(), Authority.create(), startRedis()]);
    client = await authority.sign('prometheus', 'DNS:prometheus.example');
    serve(await authority.sign('first', 'DNS:localhost,IP:127.0.0.1'));
    const tls = { cert: file('server.crt'), key: file('server.key') };
    const mutual = { ...tls, ca: authority.cert };
    statuslens = await startStatuslens(
      redis.url,
      {
        ingest: { listen: { port: 0, tls }, auth: READER },
        worker: {
          listen: { port: 0, tls: { ...mutual, client: 'verify_if_given', min_version: '1.3' } },
          lock: '1s',
        },
        exporter: {
          listen: { port: 0, tls: { ...mutual, client_allowed_sans: ['prometheus.example'] } },
          auth: READER,
        },
        sources: { gateway: { auth: { bearer: TOKEN } } },
      },
      false,
    );
  });
  afterAll(async () => {
    await statuslens.stop();
    await redis.stop();
    for (const one of [authority, stranger]) one.remove();
    rmSync(folder, { recursive: true });
  });

  /** @returns the status, or what became of the connection */
  function ask(url: string, options: RequestOptions = {}, body?: string): Promise<number | string> {
    const ca = readFileSync(authority.cert);
    return new Promise((resolve) => {
      const asked = request(url, { ca, agent: false, ...options }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode!));
      });
      asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message)).end(body);
    });
  }
  const bearer = { headers: { authorization: `Bearer ${TOKEN}` } };

  it('are told of as https', () => {
    for (const url of [statuslens.ingest, statuslens.worker, statuslens.exporter])
      expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  });

  it('take lines over TLS, with the token of the source', async () => {
    const url = `${statuslens.ingest}/ingest/gateway`;
    await until('Redis is reached', async () => (await ask(`${statuslens.ingest}/readyz`, bearer)) === 200);
    expect(await ask(url, { method: 'POST' }, LINE)).toBe(401);
    expect(await ask(url, { method: 'POST', ...bearer }, LINE)).toBe(202);
  });

  it('show pages to whoever presents what auth demands, and liveness to all', async () => {
    expect(await ask(`${statuslens.ingest}/healthz`)).toBe(200);
    for (const page of ['metrics', 'readyz', 'nowhere'])
      expect([page, await ask(`${statuslens.ingest}/${page}`)]).toEqual([page, 401]);
    expect(await ask(`${statuslens.ingest}/metrics`, bearer)).toBe(200);
    const basic = `Basic ${btoa('prometheus:a long password of prometheus')}`;
    expect(await ask(`${statuslens.ingest}/metrics`, { headers: { authorization: basic } })).toBe(200);
    expect(
      await ask(`${statuslens.ingest}/metrics`, {
        headers: { authorization: `Basic ${btoa('prometheus:another')}` },
      }),
    ).toBe(401);
  });

  describe('and client certificates', () => {
    const refused = expect.stringMatching(/ECONNRESET|ALERT|socket hang up/) as unknown;
    const metrics = (url: string, certificate?: Certificate): Promise<number | string> =>
      ask(`${url}/metrics`, { ...bearer, ...(certificate && textsOf(certificate)) });

    it('talk to whom the authority knows by an allowed name', async () => {
      expect(await metrics(statuslens.exporter, client)).toBe(200);
      expect(await metrics(statuslens.exporter)).toEqual(refused);
      const others = await Promise.all([
        authority.sign('other', 'DNS:other.example,DNS:prometheus.example.evil'),
        stranger.sign('prometheus', 'DNS:prometheus.example'),
      ]);
      for (const other of others) expect(await metrics(statuslens.exporter, other)).toEqual(refused);
    });

    it('may do without one under verify_if_given, but not with a wrong one', async () => {
      expect(await metrics(statuslens.worker)).toBe(200);
      expect(await metrics(statuslens.worker, client)).toBe(200);
      const wrong = await stranger.sign('prometheus', 'DNS:prometheus.example');
      expect(await metrics(statuslens.worker, wrong)).toEqual(refused);
    });

    it('speak no older TLS than they are told', async () => {
      const old = { maxVersion: 'TLSv1.2', ...bearer } as const;
      expect(await ask(`${statuslens.worker}/healthz`, old)).toEqual('EPROTO');
      expect(await ask(`${statuslens.ingest}/healthz`, old)).toBe(200);
    });
  });

  it('are scraped by a real Prometheus with the scrape_config of docs/security.md', async () => {
    const page = readFileSync('docs/security.md', 'utf8');
    const config = page
      .match(/```yaml\n(scrape_configs:[^]*?)```/)![1]!
      .replaceAll('/etc/prometheus/tls/ca.crt', authority.cert)
      .replaceAll('/etc/prometheus/tls/prometheus.crt', client.cert)
      .replaceAll('/etc/prometheus/tls/prometheus.key', client.key)
      .replaceAll('/etc/prometheus/statuslens-token', file('token'))
      .replaceAll('exporter.example:9477', new URL(statuslens.exporter).host)
      .replaceAll('ingest.example:8080', new URL(statuslens.ingest).host)
      .replaceAll('worker.example:9478', new URL(statuslens.worker).host)
      .replaceAll('scrape_interval: 15s', 'scrape_interval: 1s');
    writeFileSync(file('token'), `${TOKEN}\n`);
    const prometheus = await startPrometheus(config);
    await until('all are up', async () => (await prometheus.value('sum(up)')) === 3);
    expect(await prometheus.value('count(statuslens_batches_total) > 0')).toBeDefined();
    await prometheus.stop();
  });

  it('use a new certificate without a restart, and keep the old one while files do not fit', async () => {
    const tls = { cert: file('server.crt'), key: file('server.key') };
    const ingest = startScript('dist/apps/ingest/src/main.js', [], {
      env: { STATUSLENS_CONFIG: writeSettings(redis.url, { ingest: { listen: { port: 0, tls } } }) },
    });
    const [, port] = await ingest.line(/send logs to https:\/\/127\.0\.0\.1:(\d+)\/ingest/);
    const served = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(
          { port: Number(port), host: '127.0.0.1', ca: readFileSync(authority.cert) },
          () => {
            resolve(socket.getPeerCertificate().subject.CN as string);
            socket.end();
          },
        ).on('error', reject);
      });
    expect(await served()).toBe('first');
    const second = await authority.sign('second', 'DNS:localhost,IP:127.0.0.1');
    copyFileSync(second.cert, file('server.crt'));
    await ingest.line(
      /ingest\.listen\.tls: .*server\.key is not the key of the .*; the old one stays in use/,
    );
    expect(await served()).toBe('first');
    serve(second);
    await until('the new one is served', async () => (await served()) === 'second');
    await ingest.kill();
  });

  it('do not start without a certificate that can be used', () => {
    const load = (tls: object): string => {
      try {
        settingsFor(redis.url, { ingest: { listen: { port: 0, tls } } });
        return 'it was accepted';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const { cert, key } = client;
    expect(load({ cert, key: authority.key })).toMatch(
      /:\d+: ingest\.listen\.tls\.key: .* is not the key of the cert/,
    );
    expect(load({ cert: key, key })).toMatch(/ingest\.listen\.tls\.cert: .* holds no certificate in PEM/);
    expect(load({ cert, key: cert })).toMatch(/ingest\.listen\.tls\.key: .* holds no private key in PEM/);
    expect(load({ cert, key, ca: '/nowhere' })).toMatch(
      /listen\.tls\.ca: \/nowhere cannot be read: no such file/,
    );
  });
});
