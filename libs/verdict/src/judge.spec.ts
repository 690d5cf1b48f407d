import { readFileSync, readdirSync } from 'node:fs';
import { CAUSES } from '#access-log';
import {
  Catalogue,
  GATEWAY_CAUSES,
  ORIGINS,
  loadVendor,
  readPlainly,
  type Condition,
  type Context,
  type GatewayCause,
  type Judgement,
  type Origin,
  type VendorFile,
} from '#catalogue';
import { Judge } from './judge.js';
import { requestFromContext } from './request-from-context.js';

const VENDORS = 'libs/catalogue/vendors';
const GOLDEN = 'libs/verdict/test-data';

const files = readdirSync(VENDORS)
  .sort()
  .map((name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile);
const catalogue = new Catalogue(files);
const judge = new Judge(catalogue);

function fast(
  vendor: string,
  code: number,
  context: Context,
  origin: Origin,
  cause: GatewayCause,
): Judgement {
  const request = requestFromContext(code, context, origin);
  request.cause = CAUSES.indexOf(cause);
  return catalogue.judgement(judge.cell(catalogue.vendorId(vendor), request));
}

interface Golden {
  readonly vendor: string;
  readonly code: number;
  readonly context: Context;
  readonly cause?: GatewayCause;
  readonly expect: Partial<Judgement>;
}

const golden = (file: string): [string, Golden][] =>
  readFileSync(`${GOLDEN}/${file}`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Golden)
    .map((one) => [`${one.vendor} ${one.code} ${one.cause ?? ''} ${JSON.stringify(one.context)}`, one]);

describe('Judge', () => {
  it.each(golden('golden-verdicts.jsonl'))(
    'judges by the document: %s',
    (_, { vendor, code, context, expect: wanted }) => {
      expect(fast(vendor, code, context, 'unknown', 'unspecified')).toMatchObject(wanted);
      expect(fast(vendor, code, context, 'vendor', 'unspecified')).toMatchObject(wanted);
    },
  );

  it.each(golden('golden-gateway-made.jsonl'))(
    'judges a status that the gateway made by its own evidence: %s',
    (_, { vendor, code, context, cause, expect: wanted }) => {
      expect(fast(vendor, code, context, 'gateway', cause!)).toMatchObject(wanted);
    },
  );

  it('says that a judgement is conditional where the log cannot tell who made a status that gateways make too', () => {
    expect(fast('hitachi-opscenter-cm', 504, {}, 'unknown', 'unspecified').flags).toContain('conditional');
    expect(fast('hitachi-opscenter-cm', 504, {}, 'vendor', 'unspecified').flags).not.toContain('conditional');
    expect(fast('hitachi-opscenter-cm', 409, {}, 'unknown', 'unspecified').flags).not.toContain(
      'conditional',
    );
  });

  it('numbers the causes of gateways as the log formats do', () => {
    expect(CAUSES).toEqual(GATEWAY_CAUSES);
  });

  it('agrees with a plain reading of the vendor files over every status, origin and combination of evidence', () => {
    let compared = 0;
    for (const vendor of catalogue.vendors)
      for (let code = 100; code <= 599; code++)
        for (const [origin, cause] of makers())
          for (const context of contexts(vendor, code, origin)) {
            const file = files.find((one) => one.vendor === vendor);
            const plain = readPlainly(file, code, context, { origin, cause });
            const compiled = fast(vendor, code, context, origin, cause);
            if (JSON.stringify(compiled) !== JSON.stringify(plain))
              throw new Error(
                `${vendor} ${code} made by ${origin} (${cause}) with ${JSON.stringify(context)}:\n` +
                  `compiled ${JSON.stringify(compiled)}\nplain    ${JSON.stringify(plain)}`,
              );
            compared++;
          }
    expect(compared).toBeGreaterThan(30_000);
  });
});

function* makers(): Generator<[Origin, GatewayCause]> {
  for (const origin of ORIGINS)
    if (origin === 'gateway') for (const cause of GATEWAY_CAUSES) yield [origin, cause];
    else yield [origin, 'unspecified'];
}

/** For each kind of condition, the values of its context keys that matter: not logged, absent and several present. */
function candidates(condition: Condition): Partial<Record<keyof Context, readonly unknown[]>> {
  switch (condition.kind) {
    case 'method':
      return { method: [undefined, null, 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PURGE'] };
    case 'operation':
      return {
        method: [undefined, null, 'GET', ...condition.operations.map((operation) => operation.method)],
        path: [
          undefined,
          null,
          '/elsewhere',
          ...condition.operations.flatMap((operation) => {
            const path = `/${operation.path.map((segment) => segment ?? 'x1').join('/')}`;
            return [path, `${path}/?a=/b`, `${path}/more`];
          }),
        ],
      };
    case 'model':
      return { model: [undefined, null, 'VSP G370', 'VSP E590', 'VSP 5600', 'F900'] };
    case 'content_type':
      return {
        content_type: [
          undefined,
          null,
          'text/html',
          'Text/HTML; charset=utf-8',
          'text/htmlx',
          'application/json',
        ],
      };
    case 'retry_after':
      return { retry_after: [undefined, null, false, 0, 30, true] };
    case 'timeout_param':
      return {
        timeout_param: [undefined, null, false, true],
        path: [undefined, '/a?timeout=3', '/a?x=1&Timeout', '/a?timeouts=1'],
      };
    case 'if_match':
    case 'if_none_match':
      return { [condition.kind]: [undefined, null, false, true, '"7"'] };
    case 'blank_body':
      return { body_bytes: [undefined, null, 0, 12], complete: [undefined, null, false, true] };
    case 'partial_success':
      return { partialSuccessResponses: [undefined, null, 0, 2] };
    case 'failed_results':
    case 'succeeded_results':
      return {
        results: [
          undefined,
          null,
          ...[0, 1].flatMap((failed) => [0, 2].map((success) => ({ success, failed }))),
        ],
      };
    case 'error_code':
      return {
        error_code: [
          undefined,
          null,
          'nothing',
          ...condition.exact.slice(0, 3),
          ...condition.prefixes.map((prefix) => `${prefix}0001`),
        ],
      };
    case 'after_job':
      return {
        after_job: [
          undefined,
          null,
          { method: 'DELETE', state: 'Succeeded' },
          { method: 'POST', state: 'Succeeded' },
        ],
      };
  }
}

/** Every combination of the evidence that a status depends on. */
function contexts(vendor: string, code: number, origin: Origin): Context[] {
  const { conditions } = catalogue.statusCells(catalogue.vendorId(vendor), code, ORIGINS.indexOf(origin), 0);
  const values = new Map<string, Set<unknown>>();
  for (const condition of conditions)
    for (const [key, list] of Object.entries(candidates(condition)))
      values.set(key, new Set([...(values.get(key) ?? []), ...list]));
  let combinations: Record<string, unknown>[] = [{}];
  for (const [key, list] of values)
    combinations = combinations.flatMap((one) =>
      [...list].map((value) => (value === undefined ? one : { ...one, [key]: value })),
    );
  return combinations;
}
