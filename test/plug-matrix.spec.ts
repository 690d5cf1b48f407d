import { readFileSync } from 'node:fs';
import type { Gateway } from './gateways/gateway.js';
import { judgedByPath, type JudgedLine } from './gateways/judged-log.js';
import { startMockApi, type MockApi } from './gateways/mock-api.js';
import { pluggedApache, pluggedCaddy, pluggedHaproxy, pluggedNginx } from './gateways/plugged-gateways.js';
import { pull } from './gateways/plugs.js';
import { freePort } from './harness/free-port.js';
import { describeWith } from './harness/programs.js';

/**
 * What statuslens makes of the line that a gateway wrote when a plug was pulled (gateways/plugs.ts). The storage API
 * is that of Huawei Cloud, whose document lists 413, 429 and 500 to 504.
 */
const [, MATRIX = ''] = readFileSync('docs/gateways/plugs.md', 'utf8').split(/\n(?=\| gateway )/);

const GATEWAYS = {
  nginx: { format: 'nginx-json', start: pluggedNginx },
  apache2: { format: 'combined', start: pluggedApache },
  haproxy: { format: 'haproxy', start: pluggedHaproxy },
  caddy: { format: 'caddy-json', start: pluggedCaddy },
} as const;

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
