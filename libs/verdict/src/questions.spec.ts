import { Request } from '#access-log';
import { Catalogue, VENDOR_MADE, loadVendor, type Condition, type VendorFile } from '#catalogue';
import { evidenceFor } from './evidence.js';
import { questionsFor, type Question } from './questions.js';

const VENDOR = `
vendor: bench
name: Bench
document: { title: Bench guide, section: Statuses, revision: '1' }
statuses:
  503:
    name: Busy
    meaning: Busy.
    reason: busy
    responsible: service
    action: retry_later
    basis: stated
    rules:
      - when: { operation: ['POST /volumes'], retry_after: present }
        because: The header holds the wait.
        action: wait_retry_after
        basis: stated
examples:
  - given: { code: 503 }
    expect: { verdict: retryable_busy }
`;

const catalogue = new Catalogue([loadVendor('bench.yaml', VENDOR) as VendorFile]);

/** The kinds of conditions that are asked of a request, in their order. */
function asked(code: number, change: (request: Request) => void): Condition['kind'][] {
  const request = new Request();
  request.code = code;
  change(request);
  const kinds: Condition['kind'][] = [];
  let next: Question | number = questionsFor(
    catalogue,
    catalogue.statusCells(0, code, VENDOR_MADE, 0),
    (condition) => {
      const holds = evidenceFor(condition);
      return (one) => {
        kinds.push(condition.kind);
        return holds(one);
      };
    },
  );
  while (typeof next !== 'number') next = next.next[next.holds(request)];
  return kinds;
}

it('asks nothing where the status decides', () => {
  expect(asked(200, () => {})).toEqual([]);
});

it('asks what is quick to answer first, and no more once the rest cannot change the judgement', () => {
  expect(asked(503, (request) => (request.retryAfter = -1))).toEqual(['retry_after']);
  expect(asked(503, (request) => (request.retryAfter = 5))).toEqual(['retry_after', 'operation']);
});
