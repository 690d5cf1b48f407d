import { SentLog, sendAll, warmPipeline } from '../end-to-end.js';
import { ratio, table } from '../markdown.js';
import { median } from '../median.js';
import type { Encoding } from '../pipeline.js';
import type { Part } from '../section.js';

const ENCODINGS: readonly Encoding[] = ['gzip', 'raw'];
const PRIVACIES = ['pass_through', 'strict'] as const;
const SETTINGS = {
  late_after: '2h',
  privacy: { key: 'k'.repeat(64) },
  sources: Object.fromEntries(
    PRIVACIES.map((privacy) => [privacy, { format: 'nginx-json', vendor: 'auto', privacy }]),
  ),
};

/** What it costs to keep what tells of people from ever being stored. */
export const privacy: Part = async ({ files, lines, rounds, tell }) => {
  const log = new SentLog(files, undefined, Math.min(lines, 500_000));
  const rates = new Map<string, number[]>();
  const pipeline = await warmPipeline(log, ['nginx-json'], {
    appendfsync: 'everysec',
    workers: 2,
    settings: SETTINGS,
  });
  try {
    for (let round = 0; round <= rounds; round++)
      for (const encoding of ENCODINGS)
        for (const source of PRIVACIES) {
          tell(`privacy ${source}, ${encoding}, round ${round} of ${rounds}`);
          const rate = await sendAll(pipeline, source, log.bodies('nginx-json', encoding), encoding);
          const key = `${encoding} ${source}`;
          // the first one warms up
          if (round > 0) rates.set(key, [...(rates.get(key) ?? []), rate]);
        }
  } finally {
    await pipeline.stop();
  }
  const rate = (encoding: Encoding, source: string): number => median(rates.get(`${encoding} ${source}`)!);
  const rows = ENCODINGS.map((encoding) => {
    const [open, strict] = PRIVACIES.map((source) => rate(encoding, source)) as [number, number];
    return [encoding, open, strict, ratio(strict / open)];
  });
  const text = `## By privacy

nginx-json. With \`privacy: strict\` ingest reads each line and stores what is left of it ([privacy.md](privacy.md)).

${table(['body', '`pass_through`, lines/s', '`strict`, lines/s', 'ratio'], rows)}`;
  return { text, targets: [] };
};
