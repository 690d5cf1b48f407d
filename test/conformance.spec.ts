import { Agent } from 'node:http';
import { ABSENT, type FormatName } from '#access-log';
import { readPlainly, type Context, type Origin } from '#catalogue';
import { startApache } from './gateways/apache.js';
import { startCaddy } from './gateways/caddy.js';
import { send } from './gateways/client.js';
import { AGAIN, EVERY_STATUS, contextOf, type Exchange } from './gateways/every-status.js';
import type { Gateway } from './gateways/gateway.js';
import { CAPTURES, startHaproxy } from './gateways/haproxy.js';
import { judgedByPath, vendorFiles, type Again, type JudgedLine } from './gateways/judged-log.js';
import { isBodiless, startMockApi, type MockApi } from './gateways/mock-api.js';
import { startNginx } from './gateways/nginx.js';
import { describeWith } from './harness/programs.js';

interface Subject {
  readonly program: string;
  readonly format: FormatName;
  /** Who its log says made a status that the storage API sent. */
  readonly origin: Origin;
  /** Evidence that its log does not show. */
  readonly hides: (exchange: Exchange) => readonly (keyof Context)[];
  /** What it logs as the size of a request with a body, and of one without: numbers of its own, or exact ones. */
  readonly sizes: readonly [number | undefined, number | undefined];
  /** How far apart two times may be that it logs as one, milliseconds. */
  readonly resolutionMs: number;
  start(upstream: number): Promise<Gateway>;
}

/** What the client sends with a POST. */
const BODY_BYTES = '{"label":"demo"}'.length;

const BESIDES_RETRY_AFTER = [
  'body_bytes',
  'complete',
  'content_type',
  'if_match',
  'if_none_match',
  'partialSuccessResponses',
] as const;

const SUBJECTS: readonly Subject[] = [
  {
    program: 'nginx',
    format: 'nginx-json',
    sizes: [undefined, undefined],
    resolutionMs: 1,
    origin: 'vendor',
    hides: ({ answer, status }) => (answer.chunked && !isBodiless(status) ? ['body_bytes'] : []),
    start: (upstream) =>
      startNginx(
        ({ port }) =>
          `server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${upstream}; } }`,
      ),
  },
  {
    program: 'apache2',
    format: 'combined',
    sizes: [BODY_BYTES, ABSENT],
    resolutionMs: 1000,
    origin: 'unknown',
    hides: () => BESIDES_RETRY_AFTER,
    start: (upstream) => startApache(() => `ProxyPass / http://127.0.0.1:${upstream}/`),
  },
  {
    program: 'haproxy',
    format: 'haproxy',
    sizes: [BODY_BYTES, ABSENT],
    resolutionMs: 1,
    origin: 'vendor',
    hides: () => BESIDES_RETRY_AFTER,
    start: (upstream) =>
      startHaproxy(
        ({ port }) => `
frontend storage
  bind 127.0.0.1:${port}${CAPTURES}
  default_backend api
backend api
  server node 127.0.0.1:${upstream}`,
      ),
  },
  {
    program: 'caddy',
    format: 'caddy-json',
    sizes: [BODY_BYTES, undefined],
    resolutionMs: 1,
    origin: 'unknown',
    hides: () => ['complete'],
    start: (upstream) => startCaddy(() => `reverse_proxy 127.0.0.1:${upstream}`),
  },
];

for (const subject of SUBJECTS)
  await describeWith([subject.program], `a log of ${subject.program}`, () => {
    let mock: MockApi;
    let gateway: Gateway;
    let lines: ReadonlyMap<string, JudgedLine>;

    beforeAll(async () => {
      mock = await startMockApi();
      gateway = await subject.start(mock.ports[0]);
      await sendAll(gateway.port);
      lines = judgedByPath(subject.format, await gateway.log(EVERY_STATUS.length));
    });
    afterAll(async () => {
      await gateway?.stop();
      mock?.stop();
    });

    it.each(vendorFiles.map(({ vendor }) => vendor))('tells of %s what it sent', (vendor) => {
      const exchanges = EVERY_STATUS.filter((one) => one.vendor === vendor);
      const read = exchanges.map(({ path }) => lines.get(path));
      expect(read).toEqual(exchanges.map((exchange) => expectedLine(subject, exchange)));
    });

    it('has a line for each request, with a duration, and no other', () => {
      const durations = [...lines.values()].map(({ durationMicros }) => durationMicros);
      expect(durations.filter((micros) => micros >= 0)).toHaveLength(EVERY_STATUS.length);
    });

    it('tells when a request began, however long it took', async () => {
      const slow = { ...EVERY_STATUS[0]!, path: '/slow', answer: { statuses: [200], workMs: WORK_MS } };
      const sent = Date.now();
      await send({ ...slow, port: gateway.port, id: slow.path });
      const log = await gateway.log(EVERY_STATUS.length + 1);
      const { startMs } = judgedByPath(subject.format, log).get(slow.path)!.again;
      expect(startMs).toBeLessThan(sent + WORK_MS);
      expect(startMs).toBeGreaterThan(sent - CLOCK_MS - subject.resolutionMs);
    });
  });

const CONNECTIONS = 16;
const WORK_MS = 600;
/** Gateways do not look at the clock for each request. */
const CLOCK_MS = 200;

async function sendAll(port: number): Promise<void> {
  // A gateway may close a connection that it keeps alive just when the next request is on its way
  const agent = new Agent({ keepAlive: false, maxSockets: CONNECTIONS });
  const statuses = await Promise.all(EVERY_STATUS.map((one) => send({ ...one, port, id: one.path, agent })));
  agent.destroy();
  expect(statuses).toEqual(EVERY_STATUS.map(({ status }) => status));
}

function expectedLine(subject: Subject, exchange: Exchange): JudgedLine {
  const { vendor, status, method, path, host, retryAfter } = exchange;
  const file = vendorFiles.find((one) => one.vendor === vendor);
  const { origin } = subject;
  return {
    code: status,
    method,
    path,
    host,
    retryAfter,
    vendor,
    durationMicros: expect.any(Number) as number,
    earlierAttempts: [],
    again: expectedAgain(subject, exchange),
    judgement: readPlainly(file, status, logged(subject, exchange), { origin }),
  };
}

function expectedAgain({ sizes }: Subject, { method }: Exchange): Again {
  const isAgain = method === 'POST';
  const startMs = expect.any(Number) as number;
  const requestBytes = sizes[isAgain ? 0 : 1] ?? (expect.any(Number) as number);
  return isAgain
    ? { ...AGAIN, startMs, requestBytes }
    : { startMs, requestBytes, idempotencyKey: ABSENT, attempt: ABSENT, location: ABSENT };
}

/** What the gateway logs of what the storage API knows. */
const logged = ({ hides }: Subject, exchange: Exchange): Context =>
  Object.fromEntries(
    Object.entries(contextOf(exchange)).filter(([key]) => !hides(exchange).includes(key as keyof Context)),
  );
