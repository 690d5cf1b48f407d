// @ts-check
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';

/** @typedef {{ ports: [number, number], hasHanging: (id: string) => Promise<void>, stop: () => void }} Mock */

const SLOWEST_MS = 90;

/**
 * Two nodes of a storage API. The request's own X-Mock-Answer, which no gateway logs, says how they answer:
 * `503 retry-after=30`; `503,200` is a 503 to the gateway's first attempt and a 200 to its second.
 * @returns {Promise<Mock>}
 */
export async function startMock() {
  /** @type {Map<string, number>} */
  const attempts = new Map();
  const hanging = new EventEmitter();
  /** @type {import('node:http').RequestListener} */
  const answer = (request, response) => {
    const id = String(request.headers['x-mock-request']);
    const [statuses = '', ...traits] = String(request.headers['x-mock-answer']).split(' ');
    const attempt = attempts.get(id) ?? 0;
    attempts.set(id, attempt + 1);
    const status = Number(statuses.split(',')[attempt] ?? statuses.split(',').at(-1));
    request.resume();
    if (traits.includes('hang') || traits.includes('abort')) return void hanging.emit(id);
    setTimeout(() => respond(response, status, traits, request.url ?? ''), workOf(request));
  };
  const servers = [createServer(answer), createServer(answer)];
  const ports = await Promise.all(servers.map(listening));
  return {
    ports: /** @type {[number, number]} */ (ports),
    hasHanging: async (id) => void (await once(hanging, id)),
    stop: () => servers.forEach((server) => server.close().closeAllConnections()),
  };
}

/** @param {import('node:http').Server} server */
async function listening(server) {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
}

/**
 * How long an answer takes: something of its own for each path, and longer where something is to be changed.
 * @param {import('node:http').IncomingMessage} request
 */
function workOf({ url = '', method }) {
  const spread = [...url].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % SLOWEST_MS, 7);
  return method === 'GET' ? spread / 3 : spread;
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {string[]} traits
 * @param {string} url
 */
function respond(response, status, traits, url) {
  const values = new Map(traits.map((trait) => /** @type {[string, string]} */ (trait.split('='))));
  const retryAfter = values.get('retry-after');
  const partial = values.get('partial');
  response.writeHead(status, {
    ...(status === 204 || status === 304 ? {} : { 'content-type': 'application/json' }),
    ...(retryAfter ? { 'retry-after': retryAfter } : {}),
    ...(partial ? { 'x-partial-success': partial } : {}),
  });
  response.end(status === 204 || status === 304 ? undefined : bodyOf(status, url));
}

/**
 * @param {number} status
 * @param {string} url
 */
function bodyOf(status, url) {
  if (status >= 400) return JSON.stringify({ source: url, message: `mock ${status}` });
  const members = url.includes('?') ? 40 : 1;
  return JSON.stringify({ data: Array.from({ length: members }, (_, id) => ({ id, status: 'Normal' })) });
}
