import assert from 'node:assert/strict';
import { BulkItems, MalformedBulk, readBulk } from '#protocols';
import { LOG_LINES } from '../corpus.js';
import type { Target } from '../target.js';

const DOCUMENTS = LOG_LINES.slice(0, 4).map((line) => JSON.stringify({ message: line.toString('latin1') }));

/** A bulk request: an item for each action, and every document as it came; or a mistake with its line. */
const bulk: Target = {
  name: 'elasticsearch:bulk',
  corpus: [
    DOCUMENTS.map((document) => `{"create":{"_index":"a"}}\n${document}\n`),
    DOCUMENTS.map((document, i) => `{"index": {"_index": "a","_id":"${i}"}}\n${document}\n`),
    ['{"delete":{"_index":"a","_id":1}}\n\n{"update":{"_id":"1"}}\n{"doc":{"a":1},"doc_as_upsert":true}\n'],
    ['{"update":{"_index":"a"}}\r\n{"script":{},"upsert":{"b":"}"}}\r\n{"index":{}}\r\nno JSON'],
  ].map((lines) => Buffer.from(lines.join(''))),
  words: [
    '{"create":{}}\n',
    '{"index":{"_index":"',
    '{"delete":{}}\n',
    '{"update":{}}\n',
    '"_id":"',
    '{"doc":',
  ],
  share: 60,
  check(input) {
    const items = new BulkItems();
    let bytes = 0;
    try {
      const key = readBulk(input, 'path', (action, event) => {
        bytes += event?.length ?? 0;
        assert(action.name !== 'delete' || event === undefined, 'a document to delete');
        assert(event === undefined || !event.includes(0x0a), 'two lines are one document');
        if (items.count % 2 === 0) items.stored(action);
        else items.unknownIndex(action);
      });
      assert(key === undefined || /^[0-9a-f]{64}$/.test(key), 'a key');
      assert(key === undefined || items.count > 0, 'a key of nothing');
    } catch (error) {
      if (!(error instanceof MalformedBulk)) throw error;
      assert.match(error.message, /line \[[1-9]\d*\]/);
    }
    assert(bytes <= input.length, 'bytes are made');
    const answer = items.answer(1);
    assert(/^\{"took":1,"errors":(true|false),"items":\[/.test(answer), answer.slice(0, 100));
    assert.equal(
      (JSON.parse(answer) as { items: unknown[] }).items.length,
      items.count,
      'an item per action',
    );
    assert(answer.length <= 5000 + 110 * items.count, `${answer.length} bytes of answer`);
  },
};

export const elasticsearchTargets: readonly Target[] = [bulk];
