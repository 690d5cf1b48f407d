import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { send } from './gateways/client.js';
import { ERROR_FILE, logFileIn, startGateway, type Gateway, type Place } from './gateways/gateway.js';
import { judgedByPath, type JudgedLine } from './gateways/judged-log.js';
import { startMockApi, type Answer, type MockApi } from './gateways/mock-api.js';
import { describeWith } from './harness/programs.js';

/** The configurations of docs/gateways/evidence.md, as users paste them, run by a real nginx. */
const PAGE = readFileSync('docs/gateways/evidence.md', 'utf8');
const SNIPPETS = resolve('deploy/gateways/nginx');

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

await describeWith(['nginx-with-modules'], 'evidence from the body', () => {
  describe.each(['njs', 'Lua'])('by nginx with %s', (kind) => {
    let api: MockApi;
    let gateway: Gateway;
    let lines: Map<string, JudgedLine>;

    beforeAll(async () => {
      api = await startMockApi();
      gateway = await startGateway({
        program: 'nginx-with-modules',
        configure: (place, command) =>
          configure(place, resolve(dirname(command), '../..'), kind, api.ports[0]),
      });
      for (const [id, where, method, answer] of CASES)
        await send({ port: gateway.port, ...where, method, id, answer });
      lines = judgedByPath('nginx-json', await gateway.log(CASES.length));
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
});

function configure({ port, folder }: Place, root: string, kind: string, api: number): string[] {
  const file = join(folder, 'nginx.conf');
  const block = pasted(kind)
    .replace('http {', `http {\n${httpLines(folder)}`)
    .replace('server {', `server { listen 127.0.0.1:${port};`)
    .replace('http://storage-api', `http://127.0.0.1:${api}`)
    .replaceAll('/etc/nginx/statuslens', SNIPPETS)
    .replace(';;"', `;${root}/usr/share/lua/5.1/?.lua;;"`);
  const main = `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/${ERROR_FILE};`;
  const libraries = kind === 'Lua' ? `lua_package_cpath "${luaLibraries(root)}/?.so;;";` : '';
  writeFileSync(
    file,
    `${modules(root, kind)}\n${main}\nevents {}\n${block.replace('http {', `http { ${libraries}`)}`,
  );
  return ['-p', folder, '-c', file, '-e', join(folder, ERROR_FILE)];
}

const modules = (root: string, kind: string): string =>
  (kind === 'njs' ? ['ngx_http_js_module'] : ['ndk_http_module', 'ngx_http_lua_module'])
    .map((name) => `load_module ${root}/usr/lib/nginx/modules/${name}.so;`)
    .join('\n');

/** Debian keeps libraries in a folder of the machine's architecture. */
function luaLibraries(root: string): string {
  const [architecture] = readdirSync(join(root, 'usr/lib')).filter((name) => name.includes('-linux-'));
  return `${root}/usr/lib/${architecture}/lua/5.1`;
}

/** The nginx block under the heading that names the kind. */
function pasted(kind: string): string {
  const [, section = ''] = PAGE.split(`## nginx with ${kind}\n`);
  return /```nginx\n([\s\S]*?)```/.exec(section)![1]!;
}

function httpLines(folder: string): string {
  const format = readFileSync('docs/gateways/nginx.md', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('log_format json '))!;
  const [, evidence = ''] = /^("partial_success".*)$/m.exec(PAGE)!;
  return `client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
    ${format.replace('"partial_success":"$sent_http_x_partial_success"', () => evidence)}
    access_log ${logFileIn(folder)} json;`;
}
