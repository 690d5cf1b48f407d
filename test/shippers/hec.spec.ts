import { randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { startRedis, type RunningRedis } from '../harness/redis.js';
import { startStatuslens, total, type RunningStatuslens } from '../harness/statuslens.js';
import { until } from '../harness/until.js';

const TOKEN = '7c8a2f6e-1111-4222-8333-944444444444';
const SHARED = 'a token that is shared by two';
const LINE = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /openidm/x HTTP/1.1" 503 12 "-" "curl"';
const event = (names: object = { index: 'open' }): string =>
  JSON.stringify({ time: 1.5, ...names, event: LINE });

interface Told {
  readonly status: number;
  readonly text: string;
  readonly code: number;
  readonly ackId?: number;
  readonly acks?: Record<string, boolean>;
  readonly 'invalid-event-number'?: number;
}

/** With other settings, a collector of its own. */
async function collector(redisUrl: string, hec: object, sources: object, ingest: object = {}) {
  const running = await startStatuslens(redisUrl, {
    ingest: {
      listen: { port: 0 },
      receivers: { hec: { port: 0, ...hec } },
      names: { 'nginx:*': 'open', '/var/log/nginx/*': 'open' },
      ...ingest,
    },
    sources,
  });
  const url = `http://127.0.0.1:${running.receiver('hec').port}/services/collector`;
  async function send(
    path: string,
    body: string | Buffer | undefined,
    headers: Record<string, string> = {},
  ): Promise<Told> {
    const answer = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      body,
      headers,
    });
    return { status: answer.status, ...((await answer.json()) as Omit<Told, 'status'>) };
  }
  const classified = async (source: string): Promise<number> =>
    total(await running.metrics(), 'statuslens_lines_total', `source="${source}"`, 'outcome="classified"');
  return { running, send, classified };
}

describe("Splunk's HTTP event collector", () => {
  let redis: RunningRedis;
  let running: RunningStatuslens;
  let send: (
    path: string,
    body: string | Buffer | undefined,
    headers?: Record<string, string>,
  ) => Promise<Told>;
  let classified: (source: string) => Promise<number>;

  beforeAll(async () => {
    redis = await startRedis();
    ({ running, send, classified } = await collector(
      redis.url,
      {},
      {
        open: {},
        texts: { format: 'combined' },
        own: { auth: { bearer: TOKEN } },
        one: { auth: { bearer: SHARED } },
        other: { auth: { bearer: SHARED } },
      },
    ));
  });

  afterAll(async () => {
    await running.stop();
    await redis.stop();
  });

  const WITH_SHARED = { authorization: `Splunk ${SHARED}` };
  const shared = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    send(path, body, { ...WITH_SHARED, ...headers });

  async function counts(source: string, lines: number, sends: () => Promise<Told>): Promise<void> {
    const before = await classified(source);
    expect(await sends()).toMatchObject({ status: 200, text: 'Success', code: 0 });
    await until('all are counted', async () => (await classified(source)) >= before + lines);
    expect(await classified(source)).toBe(before + lines);
  }

  it.each(['', '/event', '/event/1.0'])('events are taken at /services/collector%s', (path) =>
    counts('open', 3, () =>
      shared(
        path,
        event() + event({ sourcetype: 'nginx:access' }) + `\n${event({ source: '/var/log/nginx/a' })}`,
      ),
    ),
  );

  it('lines are taken raw, with what they go by in the query; so are objects in a list', async () => {
    await counts('open', 2, () => shared('/raw?index=x&sourcetype=nginx:b', `${LINE}\n${LINE}`));
    const kong = JSON.stringify([{ message: LINE }, { message: LINE }]);
    await counts('open', 2, () =>
      shared('/raw/1.0?source=open', kong, { 'content-type': 'application/json' }),
    );
  });

  it('gzip is read, and the Content-Type is not', () =>
    counts('open', 2, () =>
      shared('/event', gzipSync(event() + event()), {
        'content-encoding': 'gzip',
        'content-type': 'application/x-www-form-urlencoded',
      }),
    ));

  it('events in objects are counted as well as texts, beside each other', () =>
    counts('open', 2, () =>
      shared('', event() + JSON.stringify({ index: 'open', event: { log: LINE, stream: 'stdout' } })),
    ));

  it.each([`Splunk ${TOKEN}`, `Bearer ${TOKEN}`, `Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}`])(
    'a token of one source alone says whose lines they are: %s',
    (authorization) => counts('own', 1, () => send('', event(), { authorization })),
  );

  it.each([
    [undefined, 401, 2],
    ['Digest x', 401, 3],
    ['Splunk ', 401, 3],
    ['Splunk wrong', 403, 4],
  ])('credentials %j: %i with code %i', async (authorization, status, code) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    expect(await send('', event(), headers)).toMatchObject({ status, code });
  });

  it('a token does not open the sources of others', async () => {
    expect(await shared('', event({ index: 'own' }))).toMatchObject({ status: 403, code: 4 });
  });

  it.each([
    ['', 400, 5, undefined],
    [' \n', 400, 5, undefined],
    ['{"index":"open"}', 400, 12, 0],
    ['{"event":""}', 400, 13, 0],
    ['rubbish', 400, 6, 0],
    ['{"event":"cut', 400, 6, 0],
    [event({ index: 'nobody' }), 400, 7, undefined],
    [event() + event({ index: 'nobody' }), 400, 7, 1],
  ])('%s: %i with code %i', async (body, status, code, number) => {
    const told = await shared('', body);
    expect(told).toMatchObject({ status, code });
    expect(told['invalid-event-number']).toBe(number);
  });

  it('events that are none are rejected, and their neighbours counted', async () => {
    await counts('open', 2, () => shared('', `${event()}{"index":"open"}\n{"cut\n${event()}`));
  });

  it.each([
    ['no gzip', { 'content-encoding': 'gzip' }, 400, 6],
    ['x', { 'content-encoding': 'br' }, 400, 6],
  ])('%s with %j: %i with code %i', async (body, headers, status, code) => {
    expect(await shared('', body, headers)).toMatchObject({ status, code });
  });

  describe('acknowledgements', () => {
    const ack = (channel: string, acks: unknown, headers = {}) =>
      shared(`/ack?channel=${channel}`, gzipSync(JSON.stringify({ acks })), {
        'content-encoding': 'gzip',
        ...headers,
      });

    it('an id is true once', async () => {
      const channel = randomUUID();
      const ids = [];
      for (const headers of [{ 'x-splunk-request-channel': channel }, {}])
        ids.push(
          (await shared(`/event?channel=${channel}`, event(), headers as Record<string, string>)).ackId!,
        );
      expect(ids[1]).toBe(ids[0]! + 1);
      const unknown = ids[1]! + 1;
      expect((await ack(channel, [ids[0], unknown])).acks).toEqual({ [ids[0]!]: true, [unknown]: false });
      expect((await ack(channel, ids)).acks).toEqual({ [ids[0]!]: false, [ids[1]!]: true });
    });

    it.each([undefined, 'rubbish', [], ['x', 1.5, null]])('%j is answered with 200', async (acks) => {
      expect(await ack(randomUUID(), acks)).toMatchObject({ status: 200, acks: {} });
    });

    it('a channel must be a GUID, and without one there is no id', async () => {
      expect(await shared('/event?channel=mine', event())).toMatchObject({ status: 400, code: 11 });
      expect(await shared('/event', event())).not.toHaveProperty('ackId');
    });
  });

  it('is healthy; other addresses do not exist', async () => {
    for (const path of ['/health', '/health/1.0'])
      expect(await send(path, undefined)).toMatchObject({ status: 200, code: 17, text: 'HEC is healthy' });
    expect(await send('/elsewhere', '')).toMatchObject({ status: 404 });
  });

  it('tells of what senders were told', async () => {
    const page = await (await fetch(`${running.ingest}/metrics`)).text();
    expect(page).toMatch('protocol="hec",source="unknown",code="403",refusal="unauthorized"');
    expect(page).toMatch('protocol="hec",source="open",code="400",refusal="unknown_source"');
    expect(page).toMatch(/protocol="hec",source="own",code="200",refusal=""/);
  });
});

describe('a collector', () => {
  let redis: RunningRedis;
  let running: RunningStatuslens;

  beforeAll(async () => (redis = await startRedis()));
  afterEach(() => running.stop());
  afterAll(() => redis.stop());

  it('may demand a channel, or none', async () => {
    const required = await collector(redis.url, { acknowledgements: 'required' }, { open: {} });
    ({ running } = required);
    expect(await required.send('', event())).toMatchObject({ status: 400, code: 10 });
    expect(await required.send(`?channel=${randomUUID()}`, event())).toMatchObject({ status: 200 });
    await running.stop();
    const off = await collector(redis.url, { acknowledgements: 'off' }, { open: {} });
    ({ running } = off);
    expect(await off.send('?channel=x', event())).toEqual({ status: 200, text: 'Success', code: 0 });
    expect(await off.send('/ack?channel=x', '{"acks":[0]}')).toMatchObject({ status: 400, code: 14 });
  });

  it('is busy and not healthy while there is no room, but answers questions', async () => {
    const full = await collector(
      redis.url,
      {},
      { open: {} },
      { max_body: '64KiB', queue: { max_bytes: '64KiB' } },
    );
    ({ running } = full);
    const channel = randomUUID();
    const { ackId } = await full.send(`?channel=${channel}`, event());
    // what is alike would be compressed to nothing before it is stored
    const unlike = (): string => event().replace('/x', `/${randomBytes(300).toString('base64url')}`);
    const much = (): string => Array.from({ length: 100 }, unlike).join('');
    const fill = () => Promise.all(Array.from({ length: 8 }, () => full.send('', much())));
    const isBusy = ({ status }: Told): boolean => status === 503;
    const busy = await until('there is no room', async () => (await fill()).find(isBusy));
    expect(busy).toEqual({
      status: 503,
      code: 9,
      text: 'Server is busy',
      detail: expect.any(String) as string,
    });
    const ill = await until('it is not healthy', async () => {
      await fill();
      return [await full.send('/health', undefined)].find(isBusy);
    });
    expect(ill).toEqual({ status: 503, code: 18, text: 'HEC is unhealthy, queues are full' });
    expect((await full.send(`/ack?channel=${channel}`, `{"acks":[${ackId}]}`)).acks).toEqual({
      [ackId!]: true,
    });
  });
});
