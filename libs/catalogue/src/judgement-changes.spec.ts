import { readFileSync } from 'node:fs';
import { Catalogue } from './catalogue.js';
import { literalText } from './condition-text.js';
import { holds } from './conditions.js';
import { TRUE, type Context } from './context.js';
import { judgementChanges, type JudgementChange } from './judgement-changes.js';
import { loadVendor } from './load-vendor.js';
import { readPlainly } from './plain-reading.js';
import type { VendorFile } from './vendor-file.js';

function vendor(path: string): VendorFile {
  const read = loadVendor(path, readFileSync(path, 'utf8'));
  if (Array.isArray(read)) throw new Error(read[0]!.message);
  return { ...read, vendor: 'x' };
}
const shipped = (name: string): VendorFile => vendor(`libs/catalogue/vendors/${name}.yaml`);

/** Requests of which everything is known. */
const CONTEXTS: Context[] = ['GET', 'POST', 'DELETE'].flatMap((method) =>
  [null, 'APIG.0101', 'DCS.4800'].flatMap((error_code) =>
    [null, 5].flatMap((retry_after) =>
      [0, 2].flatMap((partialSuccessResponses) =>
        [true, false].map((some) => ({
          method,
          error_code,
          retry_after,
          partialSuccessResponses,
          path: some ? '/ConfigurationManager/v1/objects/sessions' : '/',
          model: some ? 'VSP G370' : 'VSP 5000',
          content_type: some ? 'text/html' : 'application/json',
          timeout_param: some,
          if_match: some,
          if_none_match: some,
          body_bytes: some ? 0 : 9,
          complete: true,
          results: { success: some ? 1 : 0, failed: some ? 0 : 1 },
          after_job: some ? { method: 'POST', state: 'Failed' } : null,
        })),
      ),
    ),
  ),
);

const isOf = ({ code, when }: JudgementChange, of: number, context: Context): boolean =>
  code === of && when.every(({ condition, negated }) => (holds(condition, context) === TRUE) !== negated);

describe('changes of judgements', () => {
  it.each([
    ['huawei-cloud', 'otc-dcs'],
    ['hitachi-hsae', 'hitachi-opscenter-cm'],
    ['forgerock-crest', 'hitachi-hsae'],
  ])('from %s to %s are all that reading both files rule by rule finds', (a, b) => {
    const [before, after] = [shipped(a), shipped(b)];
    const changes = judgementChanges(new Catalogue([before]), new Catalogue([after]), 'x');
    const wrong: string[] = [];
    for (let code = 100; code <= 599; code++)
      for (const context of CONTEXTS) {
        const meanings = [before, after].map((file) => {
          const { reason, responsible, action } = readPlainly(file, code, context, { origin: 'vendor' });
          return `${reason} ${responsible} ${action}`;
        });
        const told = changes.filter((change) => isOf(change, code, context));
        const isDifferent = meanings[0] !== meanings[1];
        const isRight = told.every(
          ({ before, after }) =>
            `${before.reason} ${before.responsible} ${before.action}` === meanings[0] &&
            `${after.reason} ${after.responsible} ${after.action}` === meanings[1],
        );
        if (told.length > 0 !== isDifferent || !isRight) wrong.push(`${code} ${JSON.stringify(context)}`);
      }
    expect(wrong).toEqual([]);
    expect(changes.length).toBeGreaterThan(0);
  });

  it('are none between a file and itself', () => {
    const one = new Catalogue([shipped('hitachi-hsae')]);
    expect(judgementChanges(one, one, 'x')).toEqual([]);
  });

  it('say with which evidence, without what cannot be', () => {
    const before = shipped('hitachi-hsae');
    const after = structuredClone(before);
    after.statuses['503']!.rules![0]!.when.method = ['GET'];
    const changes = judgementChanges(new Catalogue([before]), new Catalogue([after]), 'x');
    expect(changes.map(({ when }) => when.map(literalText))).toEqual([
      ['members that succeeded', 'method GET or HEAD', 'Retry-After', 'not method GET'],
    ]);
  });
});
