import { EventEmitter, once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the storage API does with a request, which says so itself: see {@link ANSWER_HEADER}. */
export interface Answer {
  /** One for each attempt of the gateway; the last one also for those after it. */
  readonly statuses: readonly number[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How many blanks stand before the body. */
  readonly blanks?: number;
  /** Sends the body in chunks, without naming its length. */
  readonly chunked?: boolean;
  /** Before it answers. */
  readonly workMs?: number;
  /** `hang`: never answers; `cut`: hangs up in the middle of its headers. */
  readonly instead?: 'hang' | 'cut';
}

/** Headers of a request to the mock, which no gateway logs. */
export const ANSWER_HEADER = 'x-mock-answer';
export const ID_HEADER = 'x-mock-request';

/** Two nodes of a storage API. */
export interface MockApi {
  readonly ports: readonly [number, number];
  /** Resolves when a request that is to hang has come. */
  hasHanging(id: string): Promise<void>;
  stop(): void;
}

export async function startMockApi(): Promise<MockApi> {
  const attempts = new Map<string, number>();
  const hanging = new EventEmitter();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const id = String(request.headers[ID_HEADER]);
    const answer = JSON.parse(String(request.headers[ANSWER_HEADER])) as Answer;
    const attempt = attempts.get(id) ?? 0;
    attempts.set(id, attempt + 1);
    request.resume();
    if (answer.instead === 'hang') hanging.emit(id);
    else if (answer.instead === 'cut') cutShort(request);
    else setTimeout(() => respond(response, answer, attempt), answer.workMs ?? 0);
  };
  const servers = [createServer(listener), createServer(listener)] as const;
  return {
    ports: [await portOf(servers[0]), await portOf(servers[1])],
    hasHanging: async (id) => void (await once(hanging, id)),
    stop: () => servers.forEach((server) => server.close().closeAllConnections()),
  };
}

async function portOf(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

function cutShort({ socket }: IncomingMessage): void {
  socket.write('HTTP/1.1 200 OK\r\nContent-', () => socket.destroy());
}

function respond(response: ServerResponse, answer: Answer, attempt: number): void {
  const { statuses, headers, blanks = 0, chunked = false } = answer;
  const body = ' '.repeat(blanks) + (answer.body ?? '');
  const status = statuses[attempt] ?? statuses.at(-1) ?? 200;
  if (isBodiless(status)) return void response.writeHead(status, { ...headers }).end();
  response.writeHead(status, {
    ...(body === '' ? {} : { 'content-type': 'application/json' }),
    ...(chunked ? {} : { 'content-length': body.length }),
    ...headers,
  });
  response.end(body);
}

/** RFC 9110, sections 15.3.5 and 15.4.5. */
export const isBodiless = (status: number): boolean => status === 204 || status === 304;
