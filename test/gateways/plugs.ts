import { send } from './client.js';
import type { Answer, MockApi } from './mock-api.js';

/** Something that goes wrong, or is put in the way, between a caller and a storage API. */
interface Plug {
  /** What the storage API does, if it is asked. */
  readonly answer?: Answer;
  readonly method?: string;
  readonly query?: string;
  /** How often the same is asked before the request that counts. */
  readonly before?: number;
  /** Whether the caller hangs up while the storage API is silent. */
  readonly hangsUp?: boolean;
}

const says = (status: number, headers: Record<string, string> = {}): Plug => ({
  answer: { statuses: [status], headers },
});

/** Each has a path of its own, `/v2/<plug>`, by which a gateway knows what to do with it. */
const PLUGS: Readonly<Record<string, Plug>> = {
  'not running': {},
  hung: { answer: { statuses: [200], instead: 'hang' } },
  'cut short': { answer: { statuses: [200], instead: 'cut' } },
  'client left': { answer: { statuses: [200], instead: 'hang' }, hangsUp: true },
  'says 413': says(413),
  'says 429': says(429, { 'retry-after': '30' }),
  'says 500': says(500),
  'says 502': says(502),
  'says 503': says(503),
  'says 503, wait': says(503, { 'retry-after': '30' }),
  'says 504': says(504),
  'too often: 503': { before: 1 },
  'too often: 429': { before: 1 },
  forbidden: {},
  'too large': { method: 'POST' },
  'too long': { query: `?${'x'.repeat(2000)}` },
  'no route': {},
  'fallback page': says(503),
  'second node': { answer: { statuses: [503, 200] } },
  cached: { before: 1 },
};

/** Whose document speaks of every status above, by its host. */
const HOST = 'dcs.ap-southeast-1.myhuaweicloud.com';

/** Where the plug is, as configurations name it. */
const pathOf = (plug: string): string => `/v2/${plug.replaceAll(/[^a-z0-9]+/g, '-')}`;

/**
 * Pulls a plug.
 * @returns how many requests that took, the last of which counts
 */
export async function pull(name: string, port: number, mock: MockApi): Promise<number> {
  const plug = PLUGS[name];
  if (plug === undefined) throw new Error(`no plug "${name}"`);
  const { method = 'GET', query = '', before = 0, hangsUp = false } = plug;
  const { answer = { statuses: [200] } } = plug;
  const path = `${pathOf(name)}${query}`;
  for (let time = 0; time <= before; time++) {
    const id = `${name} ${time}`;
    const hangUp = hangsUp ? mock.hasHanging(id) : undefined;
    await send({ port, method, host: HOST, path, id, answer }, hangUp);
  }
  return before + 1;
}
