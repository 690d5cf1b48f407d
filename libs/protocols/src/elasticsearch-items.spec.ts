import type { BulkAction } from './elasticsearch-bulk.js';
import { BulkItems } from './elasticsearch-items.js';

const action = (name: BulkAction['name'], index?: string): BulkAction => ({ name, index, id: undefined });

it('has one item per action, in order, in the very words that shippers look for', () => {
  const items = new BulkItems();
  for (const name of ['create', 'index', 'update', 'delete'] as const) items.stored(action(name));
  expect(items.answer(3)).toBe(
    '{"took":3,"errors":false,"items":[{"create":{"status":201}},{"index":{"status":201}},' +
      '{"update":{"status":200}},{"delete":{"status":200}}]}',
  );
});

it('tells of each name that nobody knows once, and what to do', () => {
  const items = new BulkItems();
  items.unknownIndex(action('create', 'a'));
  items.unknownIndex(action('create', 'a'));
  items.stored(action('index'));
  const { errors, items: told } = JSON.parse(items.answer(0)) as {
    errors: boolean;
    items: Record<string, { status: number; error: { reason: string } }>[];
  };
  expect(errors).toBe(true);
  expect(told[0]!.create).toMatchObject({ status: 404, error: { type: 'index_not_found_exception' } });
  expect(told[0]!.create!.error.reason).toMatch(
    'no such index [a]: no source goes by this name; add it to ingest.names',
  );
  expect(told[1]!.create!.error.reason).toBe('no such index');
  expect(told[2]).toEqual({ index: { status: 201 } });
});

it('stays below 512 KB for 20,000 documents, and small for names that nobody knows', () => {
  const stored = new BulkItems();
  const unknown = new BulkItems();
  for (let i = 0; i < 20_000; i++) {
    stored.stored(action('create'));
    unknown.unknownIndex(action('index', `${i}`.repeat(100)));
  }
  expect(stored.answer(1000).length).toBeLessThan(512 * 1024);
  expect(unknown.answer(0).length / 20_000).toBeLessThan(110);
});
