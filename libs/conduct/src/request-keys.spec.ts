import { NOT_LOGGED, ABSENT, ReducedLines } from '#access-log';
import fc from 'fast-check';
import { LineReducer } from '#verdict';
import { LENS, RECEIVED_AT, notedStep, written } from '../../../test/harness/written-pieces.js';
import { stepsInOrder } from './step-reader.js';
import type { Piece } from './step-writer.js';
import type { NotedStep } from './step.js';

const PATH = '/ConfigurationManager/v1/objects/storages/886000123456/ldevs/1';

/** A request that was refused; whatever it is told to have besides. */
const line = (fields: Readonly<Record<string, unknown>> = {}): string =>
  `${JSON.stringify({
    msec: (RECEIVED_AT / 1000).toFixed(3),
    remote_addr: '10.1.0.1',
    host: 'cm.example',
    request_method: 'GET',
    request_uri: PATH,
    status: '503',
    request_length: 321,
    request_time: 0.02,
    http_user_agent: 'sdk/3',
    ...fields,
  })}\n`;

const stepOf = (fields?: Readonly<Record<string, unknown>>): NotedStep => notedStep(line(fields));

describe('a repeat', () => {
  it.each([
    ['of the same request', {}],
    ['from another port', { remote_addr: '10.1.0.1:50312' }],
    ['at another time, with another end', { msec: '1795246000.000', status: '500', request_time: 3 }],
    ['with a trailing slash', { request_uri: `${PATH}/` }],
    ['through another name of the gateway, where the path tells the device', { host: 'cm-2.example' }],
    ['with a parameter that never comes twice', { request_uri: `${PATH}?_=17` }],
  ])('%s is the same operation', (_, fields) => expect(stepOf(fields).operation).toBe(stepOf().operation));

  it.each([
    ['from another address', { remote_addr: '10.1.0.2' }],
    ['by another user', { remote_user: 'jane' }],
    ['by another agent', { http_user_agent: 'sdk/4' }],
    ['by an agent that does not say so', { http_user_agent: '' }],
    ['with another method', { request_method: 'HEAD' }],
    ['of another path', { request_uri: `${PATH}0` }],
    ['of another device', { request_uri: PATH.replace('3456', '3457') }],
    ['of another vendor', { request_uri: PATH.replace('/v1', '/simple/v1') }],
    ['of another length', { request_length: 322 }],
    ['of a length that is not logged', { request_length: undefined }],
    ['of a device that the log names', { device: 'array-1' }],
  ])('%s is another operation', (_, fields) => expect(stepOf(fields).operation).not.toBe(stepOf().operation));

  it('at another host is another operation, if nothing tells the device', () => {
    const uri = '/openidm/managed/user/1';
    expect(stepOf({ request_uri: uri, host: 'a.example' }).operation).not.toBe(
      stepOf({ request_uri: uri, host: 'b.example' }).operation,
    );
  });

  it('of a path with a percent-encoding in other letters is the same operation', () => {
    expect(stepOf({ request_uri: `${PATH}%2f` }).operation).toBe(
      stepOf({ request_uri: `${PATH}%2F` }).operation,
    );
  });
});

describe('a caller', () => {
  it.each([
    ['192.0.2.7:40312', '192.0.2.7'],
    ['[2001:db8::7]:40312', '[2001:db8::7]'],
  ])('%s is %s', (one, other) =>
    expect(stepOf({ remote_addr: one }).caller).toBe(stepOf({ remote_addr: other }).caller),
  );

  it.each([
    ['2001:db8::7', '2001:db8::8'],
    ['2001:db8::7', '2001:db8:'],
    ['192.0.2.7', '192.0.2.71'],
  ])('%s is not %s', (one, other) =>
    expect(stepOf({ remote_addr: one }).caller).not.toBe(stepOf({ remote_addr: other }).caller),
  );

  it('is the same whatever is asked for, and another one with another key', () => {
    expect(stepOf({ request_uri: '/x', request_method: 'POST' }).caller).toBe(stepOf().caller);
    const key = { key: Buffer.from('12345678') };
    expect(notedStep(line(), {}, key).caller).not.toBe(stepOf().caller);
    expect(notedStep(line(), {}, key).operation).not.toBe(stepOf().operation);
  });
});

describe('what is remembered of requests before', () => {
  const agents = ['', 'sdk/3', 'sdk/4', 'x'.repeat(600), `${'x'.repeat(599)}y`];
  const fields = fc.record({
    remote_addr: fc.oneof(fc.constantFrom('10.1.0.1', '10.1.0.1:77', '[2001:db8::7]:1', ':7'), fc.ipV6()),
    remote_user: fc.constantFrom('', 'jane', 'joe', 'j'.repeat(99)),
    http_user_agent: fc.constantFrom(...agents),
    host: fc.constantFrom('', 'cm.example', `${'h'.repeat(300)}.example`),
    device: fc.constantFrom('', 'array-1', 'cm.example'),
    request_uri: fc.constantFrom(PATH, '/openidm/managed/user/1'),
  });

  it('changes no hash', () => {
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1, maxLength: 8 }), (requests) => {
        const [{ steps }] = written(Buffer.from(requests.map(line).join(''))).pieces() as [Piece];
        const together = Array.from(stepsInOrder([steps]), (step) => JSON.stringify(step));
        const alone = requests.map((request) => JSON.stringify(stepOf(request)));
        expect(together.sort()).toEqual(alone.sort());
      }),
    );
  });

  it('changes none either if there is more than can be remembered', () => {
    const many = Array.from({ length: 5000 }, (_, i) =>
      line({ remote_addr: `10.${i >> 8}.${i & 255}.1`, http_user_agent: `sdk/${i % 300}`, host: `h${i}` }),
    );
    const last = stepOf({ remote_addr: '10.99.9.9', http_user_agent: 'last', host: 'last' });
    const request = line({ remote_addr: '10.99.9.9', http_user_agent: 'last', host: 'last' });
    const [{ steps }] = written(Buffer.from([...many, request].join(''))).pieces() as [Piece];
    const callers = Array.from(stepsInOrder([steps]), (step) => (step as NotedStep).caller);
    expect(callers).toContain(last.caller);
    expect(new Set(callers).size).toBe(5001);
  });
});

describe('an Idempotency-Key', () => {
  const keyed = (fields = {}): NotedStep => stepOf({ idempotency_key: '8e03978e', ...fields });

  it('makes an operation exact', () => {
    expect([stepOf().isExact, keyed().isExact]).toEqual([false, true]);
    expect(keyed().operation).not.toBe(stepOf().operation);
  });

  it.each([
    ['another machine', { remote_addr: '10.1.0.2' }],
    ['another path', { request_uri: `${PATH}/x` }],
    ['another length', { request_length: 1 }],
  ])('is the operation, even from or for %s', (_, fields) =>
    expect(keyed(fields).operation).toBe(keyed().operation),
  );

  it.each([
    ['key', { idempotency_key: '8e03978f' }],
    ['user', { remote_user: 'jane' }],
    ['device', { request_uri: PATH.replace('3456', '3457') }],
  ])('is another operation with another %s', (_, fields) =>
    expect(keyed(fields).operation).not.toBe(keyed().operation),
  );
});

describe('where Location points to', () => {
  const JOBS = '/ConfigurationManager/v1/objects/jobs';
  const jobOf = (location: string | undefined, uri = `${JOBS}/x`): number =>
    stepOf({ request_method: 'POST', status: '202', request_uri: uri, location }).location;
  const job = stepOf({ request_uri: `${JOBS}/7`, status: '200', host: 'cm.example' }).resource;

  it.each([
    `${JOBS}/7`,
    `${JOBS}/7/`,
    `${JOBS}/7#state`,
    `https://cm.internal:23451${JOBS}/7`,
    `http://cm.internal${JOBS}/7`,
    `//cm.internal${JOBS}/7`,
    '7',
    './7',
    `../jobs/7`,
  ])('%s is the job that is asked for later', (location) => expect(jobOf(location)).toBe(job));

  it.each([`${JOBS}/8`, `https://cm.internal`, `${JOBS}/7/x`, `${JOBS}`, '?7', ':', '/ldevs/7'])(
    '%s is not',
    (location) => expect(jobOf(location)).not.toBe(job),
  );

  it('has the device in its path, whatever the host', () => {
    const uri = '/ConfigurationManager/v1/objects/storages/886000123456/jobs/7';
    const read = stepOf({ request_uri: uri, status: '200', host: 'one.example' }).resource;
    const accepted = { request_method: 'POST', status: '202', host: 'two.example', location: uri };
    expect(stepOf({ ...accepted, request_uri: '/ConfigurationManager/v1/x' }).location).toBe(read);
  });

  it('does not change what is known of the request itself', () => {
    expect({ ...stepOf({ location: '/openidm/x' }), location: 0 }).toEqual({ ...stepOf(), location: 0 });
  });

  it('may be nowhere, or not logged', () => {
    expect(jobOf('')).toBe(ABSENT);
    expect(jobOf(undefined)).toBe(NOT_LOGGED);
  });
});

describe('a line that ingest has reduced', () => {
  function reduced(body: string): Buffer {
    const into = new ReducedLines();
    const reducer = new LineReducer(
      LENS,
      { format: 'nginx-json', vendor: 'auto' },
      (bytes) => `h${Buffer.from(bytes).toString('hex')}`,
    );
    const lines = reducer.begin(into, 65_536);
    lines.push(Buffer.from(body));
    lines.end();
    return Buffer.from(into.take());
  }

  const SESSIONS = '/ConfigurationManager/v1/objects/sessions';

  it('is followed where nothing was taken out of its path', () => {
    const one = reduced(line({ request_uri: SESSIONS, request_method: 'POST' }));
    const other = reduced(line({ request_uri: SESSIONS, request_method: 'POST', remote_addr: '10.1.0.2' }));
    const [step, again, stranger] = [one, one, other].map((body) =>
      notedStep(body.toString('latin1'), {}, { isReduced: true }),
    );
    expect(step).toEqual(again);
    expect(step!.caller).not.toBe(stranger!.caller);
    expect(step!.operation).not.toBe(stranger!.operation);
  });

  it('is skipped otherwise: different requests would look the same', () => {
    const writer = written(reduced(line()), {}, { isReduced: true });
    expect(writer.pieces()).toEqual([]);
    expect(writer.skipped).toMatchObject({ no_path: 1 });
  });

  it('is followed by its Idempotency-Key all the same', () => {
    const body = reduced(line({ idempotency_key: 'k1' }));
    expect(notedStep(body.toString('latin1'), {}, { isReduced: true }).isExact).toBe(true);
  });

  it('does not tell which job it began, if that was taken out', () => {
    const accepted = { request_method: 'POST', status: '202', request_uri: SESSIONS, location: '/jobs/7' };
    expect(notedStep(reduced(line(accepted)).toString('latin1'), {}, { isReduced: true }).location).toBe(
      NOT_LOGGED,
    );
  });
});
