import { VERDICTS } from '#catalogue';
import { Ledger } from '#ledger';
import { ledgerField } from '#metric-names';
import { Keys, connectPatiently } from '#redis';
import { CLAIM_BOUNDS } from '../test/harness/claim-bounds.js';
import { median } from './median.js';
import type { Pipeline } from './pipeline.js';

/** How long a scrape takes. */
export interface Scrapes {
  /** Samples on the page. */
  readonly samples: number;
  readonly bytes: number;
  /** Milliseconds: something was counted since the last one, or nothing was. */
  readonly changed: number;
  readonly unchanged: number;
}

const SCRAPES = 15;
const SERIES_AT_ONCE = 1000;
const SOURCE = 'combined';
const VENDOR = 'hitachi-opscenter-cm';

/** @param sizes series of the ledger, growing; devices are added until there are as many */
export async function scrapesAt(pipeline: Pipeline, sizes: readonly number[]): Promise<Scrapes[]> {
  const redis = connectPatiently({ url: pipeline.redis.url });
  const ledger = new Ledger(redis, new Keys(), CLAIM_BOUNDS);
  let batches = 0;
  const count = async (fields: readonly string[]): Promise<void> => {
    const id = `bench-${batches++}`;
    await redis.set(new Keys().payload(id), 'x');
    const none = { acceptance: [], redelivery: [], maxima: [], rejected: [] };
    await ledger.commit(
      { id, keyed: false },
      { additions: fields.map((field) => [field, 1] as const), ...none },
    );
  };
  try {
    let series = 0;
    const results: Scrapes[] = [];
    for (const size of sizes) {
      while (series < size) {
        const more = Math.min(SERIES_AT_ONCE, size - series);
        await count(Array.from({ length: more }, (_, i) => deviceField(series + i)));
        series += more;
      }
      results.push(await measure(pipeline, () => count([deviceField(0)])));
    }
    return results;
  } finally {
    redis.disconnect();
  }
}

const deviceField = (number: number): string =>
  ledgerField(
    'device',
    SOURCE,
    VENDOR,
    `array-${Math.floor(number / VERDICTS.length)}`,
    VERDICTS[number % VERDICTS.length]!,
  );

async function measure(pipeline: Pipeline, change: () => Promise<void>): Promise<Scrapes> {
  const [changed, unchanged]: [number[], number[]] = [[], []];
  let page = '';
  for (let i = 0; i < SCRAPES; i++)
    for (const times of [changed, unchanged]) {
      if (times === changed) await change();
      const start = performance.now();
      page = await pipeline.page();
      times.push(performance.now() - start);
    }
  return {
    samples: page.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length,
    bytes: page.length,
    changed: median(changed),
    unchanged: median(unchanged),
  };
}
