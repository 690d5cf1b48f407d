import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { Client, credentials, type ChannelCredentials } from '@grpc/grpc-js';
import { Authority, type Certificate } from '../harness/certificates.js';
import { describeWith } from '../harness/programs.js';
import { startRedis, type RunningRedis } from '../harness/redis.js';
import { startStatuslens, type RunningStatuslens } from '../harness/statuslens.js';
import { until } from '../harness/until.js';
import { exportLogs } from './messages.js';
import { RawCall, framed } from './raw-call.js';
import { exportOverGrpc } from './strict-fakes.js';

const REQUEST = exportLogs({
  resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'GET / 503' } }] }] }],
});
const UNAVAILABLE = 14;
/** Of HTTP/2. */
const CANCEL = 8;

const receiving = (otlp_grpc: object) => ({
  ingest: {
    listen: { port: 0 },
    names: { '*': 'default' },
    receivers: { otlp_grpc: { port: 0, ...otlp_grpc } },
  },
});

await describeWith(['openssl', 'redis-server'], 'OTLP over gRPC with certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'statuslens-grpc-'));
  let authority: Authority;
  let redis: RunningRedis;
  let statuslens: RunningStatuslens;
  const file = (name: string): string => join(folder, name);
  const serve = ({ cert, key }: Certificate): void => {
    copyFileSync(cert, file('server.crt'));
    copyFileSync(key, file('server.key'));
  };

  beforeAll(async () => {
    [authority, redis] = await Promise.all([Authority.create(), startRedis()]);
    serve(await authority.sign('first', 'DNS:localhost'));
    const tls = { cert: file('server.crt'), key: file('server.key'), ca: authority.cert };
    statuslens = await startStatuslens(redis.url, receiving({ tls }));
  });
  afterAll(async () => {
    await statuslens.stop();
    await redis.stop();
    authority.remove();
    rmSync(folder, { recursive: true });
  });

  /** One call on a connection of its own. @returns its code */
  async function calledWith(channel: ChannelCredentials): Promise<number> {
    const client = new Client(`localhost:${statuslens.receiver('otlp_grpc').port}`, channel);
    const { code } = await exportOverGrpc(client, REQUEST);
    client.close();
    return code;
  }
  const channel = (client?: Certificate): ChannelCredentials => {
    const ca = readFileSync(authority.cert);
    return client
      ? credentials.createSsl(ca, readFileSync(client.key), readFileSync(client.cert))
      : credentials.createSsl(ca);
  };

  it('takes calls from whom the authority knows, before and after the certificate was renewed', async () => {
    const client = await authority.sign('client', 'DNS:client.example');
    expect(await calledWith(channel(client))).toBe(0);
    expect(await calledWith(channel())).toBe(UNAVAILABLE);
    expect(await calledWith(credentials.createInsecure())).toBe(UNAVAILABLE);

    serve(await authority.sign('second', 'DNS:localhost'));
    await until('the new certificate is shown', async () => (await shown()) === 'second');
    expect(await calledWith(channel(client))).toBe(0);
  });

  /** The name in the certificate that new connections are shown. */
  const shown = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const { port } = statuslens.receiver('otlp_grpc');
      const socket = connect(
        { port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] },
        () => {
          resolve(socket.getPeerCertificate().subject.CN);
          socket.destroy();
        },
      );
      socket.once('error', reject);
    });
});

await describeWith(['redis-server'], 'OTLP over gRPC', () => {
  it('closes a call that takes too long; when the app departs, ends one that has begun, and takes no other', async () => {
    const redis = await startRedis();
    const statuslens = await startStatuslens(redis.url, receiving({ request_timeout: '1s' }));
    const { port } = statuslens.receiver('otlp_grpc');
    const body = framed(REQUEST);
    await expect(new RawCall(port).write(body.subarray(0, 20)).end).rejects.toThrow(`code ${CANCEL}`);

    const call = new RawCall(port).write(body.subarray(0, 20));
    await call.reached();
    const [stopped] = [statuslens.stop(), await call.told()];
    expect(await call.finish(body.subarray(20))).toMatchObject({ code: 0 });
    await stopped;
    await expect(new RawCall(port).finish(body)).rejects.toThrow('ECONNREFUSED');
    await redis.stop();
  });
});
