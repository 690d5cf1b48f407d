import type { BulkAction } from './elasticsearch-bulk.js';

/** Names that are explained; the rest are told in few words, so that an answer stays small. */
const MOST_EXPLAINED = 10;
const LONGEST_NAME = 100;

/** 26 bytes with a comma: Fluent Bit reads 512 KB of an answer, 20,000 items. */
const STORED: Readonly<Record<BulkAction['name'], string>> = {
  index: '{"index":{"status":201}}',
  create: '{"create":{"status":201}}',
  update: '{"update":{"status":200}}',
  delete: '{"delete":{"status":200}}',
};

/**
 * The answer to `_bulk`: one item per action, in order, by its name, and nothing that shippers do not read. It is
 * written without blanks and with `errors` directly before `items`, since some look for these very words.
 */
export class BulkItems {
  private readonly items: string[] = [];
  private readonly explained = new Set<string>();
  private errors = false;

  get count(): number {
    return this.items.length;
  }

  /** Its lines are safe, or there is nothing to store. */
  stored({ name }: BulkAction): void {
    this.items.push(STORED[name]);
  }

  /** No source goes by the name of its index. */
  unknownIndex({ name, index = '' }: BulkAction): void {
    this.errors = true;
    const error = { type: 'index_not_found_exception', reason: this.reason(index.slice(0, LONGEST_NAME)) };
    this.items.push(JSON.stringify({ [name]: { status: 404, error } }));
  }

  /** @param tookMs how long it took */
  answer(tookMs: number): string {
    return `{"took":${tookMs},"errors":${this.errors},"items":[${this.items.join(',')}]}`;
  }

  private reason(index: string): string {
    if (this.explained.has(index) || this.explained.size >= MOST_EXPLAINED) return 'no such index';
    this.explained.add(index);
    return `no such index [${index}]: no source goes by this name; add it to ingest.names in statuslens.yaml`;
  }
}
