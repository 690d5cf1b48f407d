import { readFileSync } from 'node:fs';
import { ABSENT, FORMATS, OUTCOMES, Request } from '#access-log';
import { startApache } from './gateways/apache.js';
import { type Gateway, logFileIn } from './gateways/gateway.js';
import { startNginx } from './gateways/nginx.js';
import { describeWith } from './harness/programs.js';

/** The formats of docs/gateways/ltsv.md, as users paste them, written by the real programs. */
const PAGE = readFileSync('docs/gateways/ltsv.md', 'utf8').split('\n');
const pasted = (start: string): string => PAGE.find((line) => line.startsWith(start))!;

const PATH = '/a?q=1';
/** Each program escapes in a way of its own. */
const USER_AGENT = 'cu"rl \\x';
const request = new Request();

/** Sends one request, and reads the line that the gateway logs of it. */
async function logged(gateway: Gateway): Promise<string> {
  const { status } = await fetch(`http://127.0.0.1:${gateway.port}${PATH}`, {
    headers: { 'user-agent': USER_AGENT, 'idempotency-key': 'k-1', 'x-attempt': '2' },
  });
  const log = Buffer.from((await gateway.log(1)).split('\n').at(-2)!, 'latin1');
  expect(OUTCOMES[FORMATS.ltsv.reader({}).read(log, 0, log.length, request)]).toBe('read');
  expect(request.code).toBe(status);
  expect([request.path, request.userAgent, request.host].map(String)).toEqual([
    PATH,
    USER_AGENT,
    `127.0.0.1:${gateway.port}`,
  ]);
  expect([request.idempotencyKey.toString(), request.attempt]).toEqual(['k-1', 2]);
  expect(request.client.toString()).toBe('127.0.0.1');
  expect(Math.abs(Date.now() - request.timeMs)).toBeLessThan(60_000);
  expect([request.method, request.consumer.start]).toEqual([0, ABSENT]);
  return `${request.retryAfter} ${request.contentType.toString().split(';')[0]}`;
}

await describeWith(['nginx'], 'the LTSV log of nginx', () => {
  it('has all that is read of it', async () => {
    const gateway = await startNginx(
      ({ port, folder }) => `
  ${pasted('log_format ltsv ')}
  server {
    listen 127.0.0.1:${port};
    access_log ${logFileIn(folder)} ltsv;
    add_header Retry-After 7 always;
    add_header Location /jobs/7 always;
    default_type text/plain;
    location / { return 503 "x"; }
  }`,
    );
    try {
      expect(await logged(gateway)).toBe('7 text/plain');
      expect(request.requestId.toString()).toMatch(/^[0-9a-f]{32}$/);
      expect(request.durationMicros).toBeGreaterThanOrEqual(0);
      expect([request.requestBytes > 0, request.location.toString()]).toEqual([true, '/jobs/7']);
    } finally {
      await gateway.stop();
    }
  });
});

await describeWith(['apache2'], 'the LTSV log of Apache', () => {
  it('has all that is read of it', async () => {
    const gateway = await startApache(
      ({ port, folder }) => `
${pasted('LogFormat "time')}
<VirtualHost 127.0.0.1:${port}>
  CustomLog "${logFileIn(folder)}" ltsv
</VirtualHost>`,
    );
    try {
      expect(await logged(gateway)).toBe(`${ABSENT} text/html`);
      expect(request.durationMicros).toBeGreaterThan(0);
      expect([request.requestBytes, request.location.start]).toEqual([ABSENT, ABSENT]);
      expect(Math.floor(request.startMs / 1000) * 1000).toBe(request.timeMs);
    } finally {
      await gateway.stop();
    }
  });
});
