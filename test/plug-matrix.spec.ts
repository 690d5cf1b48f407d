import type { Gateway } from './gateways/gateway.js';
import { judgedByPath, type JudgedLine } from './gateways/judged-log.js';
import { startMockApi, type MockApi } from './gateways/mock-api.js';
import { NOT_READ_YET } from './gateways/not-read-yet.js';
import { pluggedApache, pluggedCaddy, pluggedHaproxy, pluggedNginx } from './gateways/plugged-gateways.js';
import { pull } from './gateways/plugs.js';
import { freePort } from './harness/free-port.js';
import { describeWith } from './harness/programs.js';

/**
 * What statuslens makes of the line that a gateway wrote when a plug was pulled (gateways/plugs.ts). The storage API
 * is that of Huawei Cloud, whose document lists 413, 429 and 500 to 504. Where a log cannot tell who made a status,
 * the document applies, and the judgement is conditional.
 */
const MATRIX = `
| gateway | plug           | status | origin  | reason               | responsible       | conditional |
|---------|----------------|--------|---------|----------------------|-------------------|-------------|
| nginx   | not running    | 502    | gateway | upstream_unreachable | service           |             |
| nginx   | hung           | 504    | gateway | upstream_timeout     | service           |             |
| nginx   | cut short      | 502    | gateway | upstream_unreachable | service           |             |
| nginx   | client left    | 499    | gateway | client_closed        | client            |             |
| nginx   | says 413       | 413    | vendor  | invalid_request      | client            |             |
| nginx   | says 429       | 429    | vendor  | throttled            | client_or_service |             |
| nginx   | says 500       | 500    | vendor  | server_error         | service           |             |
| nginx   | says 502       | 502    | vendor  | bad_gateway          | service           |             |
| nginx   | says 503       | 503    | vendor  | invalid_request      | client            |             |
| nginx   | says 503, wait | 503    | vendor  | busy                 | service           |             |
| nginx   | says 504       | 504    | vendor  | gateway_timeout      | service           | yes         |
| nginx   | too often: 503 | 503    | gateway | throttled            | client            |             |
| nginx   | too often: 429 | 429    | gateway | throttled            | client            |             |
| nginx   | forbidden      | 403    | gateway | gateway_rejected     | client            |             |
| nginx   | too large      | 413    | gateway | gateway_rejected     | client            |             |
| nginx   | too long       | 414    | gateway | gateway_rejected     | client            |             |
| nginx   | no route       | 503    | gateway | gateway_error        | gateway           |             |
| nginx   | fallback page  | 200    | gateway | success              | nobody            |             |
| nginx   | second node    | 200    | vendor  | success              | nobody            |             |
| nginx   | cached         | 200    | gateway | success              | nobody            |             |
| apache2 | not running    | 503    | unknown | invalid_request      | client            | yes         |
| apache2 | hung           | 502    | unknown | bad_gateway          | service           | yes         |
| apache2 | cut short      | 502    | unknown | bad_gateway          | service           | yes         |
| apache2 | client left    | 502    | unknown | bad_gateway          | service           | yes         |
| apache2 | says 413       | 413    | unknown | invalid_request      | client            | yes         |
| apache2 | says 429       | 429    | unknown | throttled            | client_or_service | yes         |
| apache2 | says 500       | 500    | unknown | server_error         | service           | yes         |
| apache2 | says 502       | 502    | unknown | bad_gateway          | service           | yes         |
| apache2 | says 503       | 503    | unknown | invalid_request      | client            | yes         |
| apache2 | says 503, wait | 503    | unknown | busy                 | service           | yes         |
| apache2 | says 504       | 504    | unknown | gateway_timeout      | service           | yes         |
| apache2 | forbidden      | 403    | unknown | permission           | client            |             |
| apache2 | too long       | 414    | unknown | undocumented         | unknown           | yes         |
| apache2 | no route       | 404    | unknown | not_found            | client            |             |
| haproxy | not running    | 503    | gateway | upstream_unreachable | service           |             |
| haproxy | hung           | 504    | gateway | upstream_timeout     | service           |             |
| haproxy | cut short      | 502    | gateway | upstream_unreachable | service           |             |
| haproxy | client left    | 504    | gateway | upstream_timeout     | service           |             |
| haproxy | says 413       | 413    | vendor  | invalid_request      | client            |             |
| haproxy | says 429       | 429    | vendor  | throttled            | client_or_service |             |
| haproxy | says 500       | 500    | vendor  | server_error         | service           |             |
| haproxy | says 502       | 502    | vendor  | bad_gateway          | service           |             |
| haproxy | says 503       | 503    | vendor  | invalid_request      | client            |             |
| haproxy | says 503, wait | 503    | vendor  | busy                 | service           |             |
| haproxy | says 504       | 504    | vendor  | gateway_timeout      | service           | yes         |
| haproxy | too often: 429 | 429    | gateway | throttled            | client            |             |
| haproxy | forbidden      | 403    | gateway | gateway_rejected     | client            |             |
| haproxy | too large      | 413    | gateway | gateway_rejected     | client            |             |
| haproxy | no route       | 503    | gateway | upstream_unreachable | service           |             |
| caddy   | not running    | 502    | unknown | bad_gateway          | service           | yes         |
| caddy   | hung           | 504    | unknown | gateway_timeout      | service           | yes         |
| caddy   | cut short      | 502    | unknown | bad_gateway          | service           | yes         |
| caddy   | client left    | none   |         |                      |                   |             |
| caddy   | says 413       | 413    | unknown | invalid_request      | client            | yes         |
| caddy   | says 429       | 429    | unknown | throttled            | client_or_service | yes         |
| caddy   | says 500       | 500    | unknown | server_error         | service           | yes         |
| caddy   | says 502       | 502    | unknown | bad_gateway          | service           | yes         |
| caddy   | says 503       | 503    | unknown | invalid_request      | client            | yes         |
| caddy   | says 503, wait | 503    | unknown | busy                 | service           | yes         |
| caddy   | says 504       | 504    | unknown | gateway_timeout      | service           | yes         |
| caddy   | too often: 429 | 429    | unknown | throttled            | client_or_service | yes         |
| caddy   | forbidden      | 403    | unknown | permission           | client            |             |
| caddy   | too large      | 502    | unknown | bad_gateway          | service           | yes         |
| caddy   | no route       | 503    | unknown | invalid_request      | client            | yes         |
`;

const GATEWAYS = {
  nginx: { format: 'nginx-json', start: pluggedNginx },
  apache2: { format: 'combined', start: pluggedApache },
  haproxy: { format: 'haproxy', start: pluggedHaproxy },
  caddy: { format: 'caddy-json', start: pluggedCaddy },
};

const ROWS = MATRIX.trim()
  .split('\n')
  .slice(2)
  .map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

for (const [name, { format, start }] of Object.entries(GATEWAYS)) {
  if (NOT_READ_YET.includes(format)) continue;
  await describeWith([name], `a log of ${name} tells, when a plug is pulled,`, () => {
    let mock: MockApi;
    let gateway: Gateway;
    let requests = 0;

    beforeAll(async () => {
      mock = await startMockApi();
      gateway = await start(mock, await freePort());
    });
    afterAll(async () => {
      await gateway?.stop();
      mock?.stop();
    });

    it.each(ROWS.filter(([program]) => program === name).map(([, plug, ...told]) => [plug!, told] as const))(
      '%s: %j',
      async (plug, told) => {
        requests += await pull(plug, gateway.port, mock);
        const log = await gateway.log(requests);
        const [line] = judgedByPath(format, lastLineOf(log)).values();
        expect(cellsOf(line)).toEqual(told);
      },
    );
  });
}

const lastLineOf = (log: string): string => log.slice(log.trimEnd().lastIndexOf('\n') + 1);

/** As in the columns of the matrix, from `status` on. */
function cellsOf(line: JudgedLine | undefined): string[] {
  if (line === undefined) return ['none', '', '', '', ''];
  const { origin, reason, responsible, flags } = line.judgement;
  return [String(line.code), origin, reason, responsible, flags.includes('conditional') ? 'yes' : ''];
}
