// @ts-check
import { request } from 'node:http';

/** @typedef {import('./traffic.mjs').Step & { id: string, agent: string, host: string, port: number }} Sending */

/**
 * Sends one request and reads the answer to its end, or hangs up when told to.
 * @param {Sending} sending
 * @param {Promise<void>} [hangUp]
 * @returns {Promise<void>}
 */
export function send({ id, port, method, path, agent, host, status, traits }, hangUp) {
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? '{"label":"demo"}' : undefined;
  const headers = {
    host,
    'user-agent': agent,
    'x-mock-request': id,
    'x-mock-answer': [status, ...traits].join(' '),
    ...(traits.includes('if-none-match') ? { 'if-none-match': '"00000000-3"' } : {}),
    ...(traits.includes('if-match') ? { 'if-match': '"00000000-3"' } : {}),
    ...(body ? { 'content-type': 'application/json', 'content-length': body.length } : {}),
  };
  return new Promise((resolve, reject) => {
    const sending = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      answer.on('end', resolve).resume();
    });
    sending.on('error', (error) => (sending.destroyed && hangUp ? resolve() : reject(error)));
    void hangUp?.then(() => sending.destroy());
    sending.end(body);
  });
}
