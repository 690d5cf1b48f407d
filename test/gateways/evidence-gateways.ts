import type { FormatName } from '#access-log';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ERROR_FILE, type Gateway, type Place, logFileIn, startGateway } from './gateway.js';
import { startHaproxy } from './haproxy.js';

/** What users paste and copy. */
const PAGE = readFileSync('docs/gateways/evidence.md', 'utf8');
const SNIPPETS = 'deploy/gateways';
const STAND_INS = resolve('test/gateways/stand-ins');

/** A gateway that looks into the bodies of the API on a port. */
export interface EvidenceGateway {
  readonly title: string;
  readonly program: string;
  readonly format: FormatName;
  readonly start: (api: number) => Promise<Gateway>;
}

export const EVIDENCE_GATEWAYS: readonly EvidenceGateway[] = [
  nginx('nginx with njs', 'njs', (folder) => pasted('nginx with njs', 'nginx', folder)),
  nginx('nginx with Lua', 'Lua', (folder) => pasted('nginx with Lua', 'nginx', folder)),
  {
    title: 'HAProxy with Lua',
    program: 'haproxy',
    format: 'haproxy',
    start: (api) => startHaproxy((place) => haproxySections(place, api)),
  },
  nginx("Envoy's script, in nginx", 'Lua', (folder) =>
    standIn('envoy', `${installed('Envoy', join(folder, 'envoy'))}/evidence.lua`, folder),
  ),
  nginx("Kong's plugin, in nginx", 'Lua', (folder) => {
    installed('Kong', folder);
    return standIn('kong', 'statuslens-evidence.handler', folder);
  }),
];

function haproxySections({ port, folder }: Place, api: number): string {
  const config = pasted('HAProxy with Lua', 'haproxy', folder);
  return `${config}
  bind 127.0.0.1:${port}
  default_backend api
backend api
  server node 127.0.0.1:${api}`;
}

/** @param block its `http` block, in a folder that it may fill */
function nginx(title: string, kind: 'njs' | 'Lua', block: (folder: string) => string): EvidenceGateway {
  const program = 'nginx-with-modules';
  const start = (api: number): Promise<Gateway> =>
    startGateway({
      program,
      configure: (place, command) =>
        configureNginx(place, resolve(dirname(command), '../..'), kind, block(place.folder), api),
    });
  return { title, program, format: 'nginx-json', start };
}

function configureNginx(
  { port, folder }: Place,
  root: string,
  kind: 'njs' | 'Lua',
  block: string,
  api: number,
): string[] {
  const file = join(folder, 'nginx.conf');
  const main = `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/${ERROR_FILE};`;
  const http = block
    .replace('http {', `http {\n${httpLines(folder)}`)
    .replace('server {', `server { listen 127.0.0.1:${port};`)
    .replace('http://storage-api', `http://127.0.0.1:${api}`)
    .replace(';;"', `;${root}/usr/share/lua/5.1/?.lua;;"`);
  writeFileSync(file, `${modules(root, kind)}\n${main}\nevents {}\n${http}`);
  return ['-p', folder, '-c', file, '-e', join(folder, ERROR_FILE)];
}

const modules = (root: string, kind: 'njs' | 'Lua'): string =>
  (kind === 'njs' ? ['ngx_http_js_module'] : ['ndk_http_module', 'ngx_http_lua_module'])
    .map((name) => `load_module ${root}/usr/lib/nginx/modules/${name}.so;`)
    .join('\n');

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

/** The configuration of nginx with Lua, where a script for another gateway does the looking. */
const standIn = (name: string, script: string, folder: string): string =>
  pasted('nginx with Lua', 'nginx', folder).replace(
    'require("evidence").read()',
    `dofile("${STAND_INS}/${name}.lua")("${script}")`,
  );

/** The block of a section, with its files in place. */
function pasted(section: string, language: string, folder: string): string {
  const text = sectionNamed(section);
  const block = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text)![1]!;
  return block.replaceAll(/\/etc\/\w+\/statuslens/g, installed(section, folder));
}

/** Copies the files that a section links to where they belong. */
function installed(section: string, folder: string): string {
  const to = join(folder, 'statuslens');
  for (const [, file = ''] of sectionNamed(section).matchAll(/\(\.\.\/\.\.\/deploy\/gateways\/([^)]+)\)/g)) {
    const target = join(to, file.startsWith('kong/') ? file.slice('kong/'.length) : basename(file));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(SNIPPETS, file), target);
  }
  return to;
}

const sectionNamed = (title: string): string => {
  const [, section] = PAGE.split(`\n## ${title}\n`);
  if (section === undefined) throw new Error(`docs/gateways/evidence.md has no section "${title}".`);
  return section.split('\n## ')[0]!;
};
