import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { ZodError } from 'zod';
import {
  LEDGER_METRICS,
  bucketField,
  ledgerField,
  parseLedgerField,
  sumField,
  type LedgerMetric,
} from '#metric-names';
import { render } from '../../../apps/exporter/src/exposition.js';
import { FloorFile } from '../../../apps/exporter/src/floor-file.js';
import { nextFloor, type LedgerView } from '../../../apps/exporter/src/floor.js';
import { LedgerFamilies } from '../../../apps/exporter/src/ledger-families.js';
import { LEDGER_RULES } from '../../../apps/exporter/src/ledger-view.js';
import { strangeLine } from '../exposition-text.js';
import { ownFolder } from '../own-folder.js';
import type { Target } from '../target.js';

const METRICS = Object.keys(LEDGER_METRICS) as LedgerMetric[];

const fieldOf = (metric: LedgerMetric): string[] => {
  const { labels, type } = LEDGER_METRICS[metric];
  return type === 'histogram'
    ? [bucketField(metric, 3, ...labels), sumField(metric, ...labels)]
    : [ledgerField(metric, ...labels)];
};
const FIELDS = METRICS.flatMap(fieldOf);

/** Whatever stands in the hash of the ledger: a series, or a field of another version. */
const field: Target = {
  name: 'stored:field',
  corpus: FIELDS.map((text) => Buffer.from(text)),
  words: ['|', '|sum', '|17', ...METRICS],
  share: 5,
  async check(input) {
    const text = input.toString();
    const entry = parseLedgerField(text);
    if (entry) {
      const { metric, labels, part } = entry;
      assert(METRICS.includes(metric), `metric ${metric}`);
      assert.equal(labels.length, LEDGER_METRICS[metric].labels.length);
      if (part === undefined) assert.equal(ledgerField(metric, ...labels), text, 'written as it was read');
    }
    const page = await render(new LedgerFamilies().of(new Map([[text, 1]]), []), 'prometheus');
    assert.equal(strangeLine(page), undefined, 'the page of metrics');
  },
};

const FLOOR = {
  version: 1,
  began: 5,
  at: 7,
  revision: 3,
  regressions: 0,
  recovery: { endedBefore: 1, backlog: 2 },
  shown: Object.fromEntries(FIELDS.map((name, i) => [name, i])),
  offsets: { [FIELDS[0]!]: 4, [FIELDS[1]!]: -2 },
};
const VIEWS: readonly LedgerView[] = [
  { began: 5, at: 9, revision: 4, counters: new Map(FIELDS.map((name) => [name, 9])), ended: 3, queued: 0 },
  { began: 8, at: 9, revision: 2, counters: new Map([[FIELDS[2]!, 1]]), ended: 1, queued: 5 },
  { began: 0, at: 9, revision: 0, counters: new Map(), ended: 0, queued: 0 },
];
const file = new FloorFile(ownFolder());

/** The file of an exporter: a floor that holds, or one that is said to be unreadable. */
const floor: Target = {
  name: 'stored:floor',
  corpus: [FLOOR, { ...FLOOR, recovery: undefined }, { ...FLOOR, revision: 0, offsets: {} }].map((one) =>
    Buffer.from(JSON.stringify(one)),
  ),
  share: 1,
  async check(input) {
    writeFileSync(file.path, input);
    const loaded = await file.load().catch((error: unknown) => {
      assert(error instanceof SyntaxError || error instanceof ZodError, error as Error);
    });
    if (!loaded) return;
    for (const view of VIEWS) {
      const next = nextFloor(loaded, view, LEDGER_RULES);
      for (const [name, value] of loaded.shown)
        assert((next.shown.get(name) ?? 0) >= value, `${name} went from ${value} to ${next.shown.get(name)}`);
      const page = await render(new LedgerFamilies().of(next.shown, []), 'openmetrics');
      assert.equal(strangeLine(page.replace('# EOF', '')), undefined, 'the page of metrics');
    }
  },
};

export const storedTargets: readonly Target[] = [field, floor];
