import { type Agent, request } from 'node:http';
import { type Answer, ANSWER_HEADER, ID_HEADER } from './mock-api.js';

export interface Sending {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly userAgent?: string;
  /** Names the request to the mock. */
  readonly id: string;
  readonly answer: Answer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Keeps connections open; without one, each request has its own. */
  readonly agent?: Agent;
}

/**
 * Sends one request and reads the answer to its end, or hangs up when told to.
 * @returns the status, or undefined if it hung up
 */
export function send(sending: Sending, hangUp?: Promise<void>): Promise<number | undefined> {
  const { port, method, path, agent = false } = sending;
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? '{"label":"demo"}' : undefined;
  const headers = headersOf(sending, body);
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent }, (answer) => {
      answer.on('end', () => resolve(answer.statusCode)).resume();
    });
    sent.on('error', (error) => (sent.destroyed && hangUp ? resolve(undefined) : reject(error)));
    void hangUp?.then(() => sent.destroy());
    sent.end(body);
  });
}

const headersOf = (
  { host, userAgent, id, answer, headers }: Sending,
  body: string | undefined,
): Record<string, string | number> => ({
  host,
  ...(userAgent ? { 'user-agent': userAgent } : {}),
  [ID_HEADER]: id,
  [ANSWER_HEADER]: JSON.stringify(answer),
  ...headers,
  ...(body ? { 'content-type': 'application/json', 'content-length': body.length } : {}),
});
