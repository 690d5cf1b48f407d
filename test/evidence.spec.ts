import { send } from './gateways/client.js';
import { EVIDENCE_GATEWAYS } from './gateways/evidence-gateways.js';
import type { Gateway } from './gateways/gateway.js';
import { judgedByPath, type JudgedLine } from './gateways/judged-log.js';
import { startMockApi, type Answer, type MockApi } from './gateways/mock-api.js';
import { describeWith } from './harness/programs.js';

const members = (count: number): string =>
  JSON.stringify({ errorResponses: [{}], partialSuccessResponses: Array(count).fill({}) });
const hsae = (path: string) => ({
  host: 'vsp1.example',
  path: `/ConfigurationManager/simple/v1/objects/${path}`,
});
const dcs = (path: string) => ({ host: 'dcs.eu-de.otc.t-systems.com', path: `/v1.0/p/instances/${path}` });

/** What the API answers, and what becomes of it once the body has spoken. */
const CASES: readonly [string, { host: string; path: string }, string, Answer, string][] = [
  [
    'two members succeeded',
    hsae('a'),
    'POST',
    { statuses: [500], body: members(2) },
    'partial_success fix_and_retry',
  ],
  [
    'of a long body too',
    hsae('b'),
    'POST',
    { statuses: [503], body: members(500), chunked: true },
    'partial_success fix_and_retry',
  ],
  [
    'of one larger than a buffer',
    hsae('e'),
    'POST',
    { statuses: [500], body: members(2), blanks: 40_000 },
    'partial_success fix_and_retry',
  ],
  [
    'of one larger than that, in chunks',
    hsae('f'),
    'POST',
    { statuses: [500], body: members(2), blanks: 60_000, chunked: true },
    'partial_success fix_and_retry',
  ],
  [
    'a body over 64 KiB is not looked into',
    hsae('g'),
    'POST',
    { statuses: [500], body: members(2), blanks: 66_000 },
    'server_fault unspecified',
  ],
  [
    'no member succeeded',
    hsae('c'),
    'POST',
    { statuses: [500], body: members(0) },
    'server_fault unspecified',
  ],
  [
    'the vendor calls a 400 busy',
    dcs('a'),
    'GET',
    { statuses: [400], body: '{"error_code":"DCS.4096"}' },
    'retryable_busy retry_later',
  ],
  [
    'in its older way',
    dcs('b'),
    'GET',
    { statuses: [400], body: '{"error":{"code":"111400096"}}' },
    'retryable_busy retry_later',
  ],
  [
    'in its older way, beside a code that is null',
    dcs('f'),
    'GET',
    { statuses: [400], body: '{"error_code":null,"error":{"message":"}","code":"111400096"}}' },
    'retryable_busy retry_later',
  ],
  [
    'in escapes and among strings that look like JSON',
    dcs('g'),
    'GET',
    {
      statuses: [400],
      body: '{"a":"\\"}],{","b":[{"error_code":"x"}, 1.5e3], "error_code" : "DCS\\u002e4096"}',
    },
    'retryable_busy retry_later',
  ],
  [
    'a body that ends too early',
    dcs('h'),
    'GET',
    { statuses: [400], body: '{"error_code":"DCS.4096","a":[{"b":1}' },
    'client_fault change_request',
  ],
  [
    'a plain 400',
    dcs('c'),
    'GET',
    { statuses: [400], body: '{"error_code":"DCS.4001"}' },
    'client_fault change_request',
  ],
  [
    'a code that would forge a line',
    dcs('d'),
    'GET',
    { statuses: [400], body: '{"error_code":"DCS.4096\\n\\"x"}' },
    'client_fault change_request',
  ],
  [
    'no JSON at all',
    dcs('e'),
    'GET',
    { statuses: [400], body: '<html>DCS.4096</html>' },
    'client_fault change_request',
  ],
  ['success is not looked into', hsae('d'), 'GET', { statuses: [200], body: members(2) }, 'ok none'],
];

for (const { title, program, format, start } of EVIDENCE_GATEWAYS) {
  await describeWith([program], `evidence from the body, by ${title}`, () => {
    let api: MockApi;
    let gateway: Gateway;
    let lines: Map<string, JudgedLine>;

    beforeAll(async () => {
      api = await startMockApi();
      gateway = await start(api.ports[0]);
      for (const [id, where, method, answer] of CASES)
        await send({ port: gateway.port, ...where, method, id, answer });
      lines = judgedByPath(format, await gateway.log(CASES.length));
    });
    afterAll(async () => {
      await gateway.stop();
      api.stop();
    });

    it.each(CASES)('%s', (_, { path }, __, ___, expected) => {
      const { verdict, action } = lines.get(path)!.judgement;
      expect(`${verdict} ${action}`).toBe(expected);
    });
  });
}
