import { Authority, type Certificate } from './harness/certificates.js';
import { statuslens as command } from './harness/command-line.js';
import { freePort } from './harness/free-port.js';
import { describeWith } from './harness/programs.js';
import { startRedis, type RunningRedis } from './harness/redis.js';
import { MASTER_NAME, startSentinels } from './harness/sentinel.js';
import { writeSettings } from './harness/settings.js';
import { startStatuslens } from './harness/statuslens.js';
import { until } from './harness/until.js';

const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"\n';

await describeWith(['redis-server', 'openssl'], 'a Redis that speaks TLS and demands a certificate', () => {
  let authority: Authority;
  let stranger: Authority;
  let client: Certificate;
  let server: Certificate;
  let redis: RunningRedis;
  let port: number;
  let url: string;

  const tlsArguments = (tlsPort: number): [string, string][] => [
    ['tls-port', String(tlsPort)],
    ['tls-cert-file', server.cert],
    ['tls-key-file', server.key],
    ['tls-ca-cert-file', authority.cert],
    ['tls-auth-clients', 'yes'],
  ];

  beforeAll(async () => {
    [authority, stranger] = await Promise.all([Authority.create(), Authority.create()]);
    server = await authority.sign('server', 'DNS:redis.example,IP:127.0.0.1');
    client = await authority.sign('client', 'DNS:statuslens');
    port = await freePort();
    url = `rediss://127.0.0.1:${port}/0`;
    redis = await startRedis({
      appendonly: true,
      args: tlsArguments(port).flatMap(([name, value]) => [`--${name}`, value]),
    });
  });
  afterAll(async () => {
    await redis.stop();
    authority.remove();
    stranger.remove();
  });

  const trusted = () => ({ ca: authority.cert, cert: client.cert, key: client.key });

  it('is reached by all three, and by the commands', async () => {
    const running = await startStatuslens('', { redis: { url, tls: trusted() } });
    try {
      expect((await running.send('default', LINE)).status).toBe(202);
      await running.counted(1);
      expect(await deadList({ url, tls: trusted() })).toBe('no dead batches');
    } finally {
      await running.stop();
    }
  });

  /** What the command prints. */
  async function deadList(settings: object): Promise<string> {
    const config = writeSettings('', { redis: settings });
    const { stdout, stderr } = await command(['dead', 'list', '--config', config]);
    return (stdout + stderr).trim();
  }

  it.each([
    ['without its authority', () => ({ ...trusted(), ca: undefined }), /self.signed|unable to (get|verify)/],
    [
      'with another authority',
      () => ({ ...trusted(), ca: stranger.cert }),
      /self.signed|unable to (get|verify)/,
    ],
    ['without a certificate', () => ({ ca: authority.cert }), /certificate required/],
    ['under another name', () => ({ ...trusted(), server_name: 'other.example' }), /other\.example/],
  ])('is not reached %s, and it is said why', async (_, tls, why) => {
    const said = await deadList({ url, tls: tls() });
    expect(said).toContain(`cannot reach Redis at ${url}: `);
    expect(said).toMatch(why);
  });

  it('is reached under the name in its certificate', async () => {
    const settings = { url: url.replace('127.0.0.1', 'localhost'), tls: trusted() };
    expect(await deadList(settings)).toMatch(/localhost/);
    expect(await deadList({ ...settings, tls: { ...trusted(), server_name: 'redis.example' } })).toBe(
      'no dead batches',
    );
  });

  it('says on /readyz why it is not reached', async () => {
    const running = await startStatuslens(
      '',
      { redis: { url, tls: { ...trusted(), ca: stranger.cert } } },
      false,
    );
    try {
      await until('ingest says why', async () => {
        const answer = await fetch(`${running.ingest}/readyz`);
        return answer.status === 503 && /self.signed|unable to (get|verify)/.test(await answer.text());
      });
    } finally {
      await running.stop();
    }
  });

  it('is found through sentinels that speak TLS', async () => {
    const sentinelPort = await freePort();
    const lines = [...tlsArguments(sentinelPort), ['tls-replication', 'yes']].map((line) => line.join(' '));
    const sentinels = await startSentinels(1, port, 0, lines);
    try {
      const settings = { sentinels: [`127.0.0.1:${sentinelPort}`], name: MASTER_NAME };
      expect(await deadList({ ...settings, tls: trusted() })).toBe('no dead batches');
      expect(await deadList({ ...settings, tls: { ca: authority.cert } })).toContain(
        `cannot reach Redis at the master ${MASTER_NAME} of the sentinels 127.0.0.1:${sentinelPort}: `,
      );
    } finally {
      await sentinels.stop();
    }
  });
});
