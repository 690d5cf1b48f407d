import { SentLog, sendAll, warmPipeline } from '../end-to-end.js';
import { numberText, ratio, table, type Cell } from '../markdown.js';
import { median } from '../median.js';
import type { Bench, Part, Target } from '../section.js';
import { READERS, timed, type Reader, type ReaderName } from '../peers.js';
import type { Encoding } from '../pipeline.js';
import type { Twin } from '../twin-log.js';

const TWINS: readonly Twin[] = ['combined', 'nginx-json'];
const ENCODINGS: readonly Encoding[] = ['gzip', 'raw'];
const MODES = ['everysec', 'always'] as const;
const WORKERS = 2;
/** Callers are judged `late_after`, so within a round only those of whom more would wait than `conduct.max_bytes` likes. */
const SETTINGS = { late_after: '2h' };

/** Lines a second of each round, by what was done to which twin. */
class Rates {
  private readonly rates = new Map<string, number[]>();

  add(what: string, twin: Twin, rate: number): void {
    const key = `${twin} ${what}`;
    this.rates.set(key, [...(this.rates.get(key) ?? []), rate]);
  }

  /** @returns undefined where it cannot read that twin */
  of(what: string, twin: Twin): number | undefined {
    const rates = this.rates.get(`${twin} ${what}`);
    return rates && median(rates);
  }
}

const pipelineName = (mode: string, encoding: Encoding): string => `statuslens, ${encoding}, ${mode}`;

/** The same lines to all of them, in turns. */
export const againstPeers: Part = async (bench) => {
  const rates = new Rates();
  const log = new SentLog(bench.files);
  for (let round = 1; round <= bench.rounds; round++) {
    const tell = (doing: string): void => bench.tell(`round ${round} of ${bench.rounds}: ${doing}`);
    for (const mode of MODES) await pipelineRound(bench, log, mode, rates, tell);
    for (const [name, reader] of Object.entries(READERS) as [ReaderName, Reader][])
      for (const twin of reader.twins) {
        tell(`${reader.name}, ${twin}`);
        rates.add(name, twin, bench.lines / (await timed(reader, bench.files, twin, bench.folder)));
      }
  }
  return { text: textOf(bench, rates), targets: targetsOf(rates) };
};

async function pipelineRound(
  { lines }: Bench,
  log: SentLog,
  appendfsync: (typeof MODES)[number],
  rates: Rates,
  tell: (doing: string) => void,
): Promise<void> {
  tell(`statuslens starts, appendfsync ${appendfsync}`);
  const pipeline = await warmPipeline(log, TWINS, { appendfsync, workers: WORKERS, settings: SETTINGS });
  try {
    for (const twin of TWINS)
      for (const encoding of ENCODINGS) {
        tell(`statuslens, ${twin}, ${encoding}, appendfsync ${appendfsync}`);
        const rate = await sendAll(pipeline, twin, log.bodies(twin, encoding), encoding, lines);
        rates.add(pipelineName(appendfsync, encoding), twin, rate);
      }
  } finally {
    await pipeline.stop();
  }
}

function textOf({ lines, rounds }: Bench, rates: Rates): string {
  const rows: { name: string; does: string; rateName: string }[] = [
    ...MODES.flatMap((mode) =>
      ENCODINGS.map((encoding) => ({
        name: `**statuslens**, HTTP ${encoding}, \`appendfsync ${mode}\``,
        does: 'received, queued, judged, counted, shown on /metrics',
        rateName: pipelineName(mode, encoding),
      })),
    ),
    ...Object.entries(READERS).map(([rateName, { name, does }]) => ({ name: `\`${name}\``, does, rateName })),
  ];
  const cells = rows.map(({ name, does, rateName }): Cell[] => [
    name,
    does,
    ...TWINS.flatMap((twin) => {
      const rate = rates.of(rateName, twin);
      return rate === undefined ? ['', ''] : [numberText(rate), ratio(rate / rates.of('mtail', twin)!)];
    }),
  ]);
  return `## Against others, on the same lines

${numberText(lines)} lines, ${rounds} rounds in turns, medians. Lines a second from the start of a program to its end; of
statuslens from the first byte that is sent until /metrics shows the last line, with ${WORKERS} workers, all five processes and the
sender on the same two cores as everybody else. Every caller is followed; what judging all of them costs is told by the steady load.

${table(['', 'what it does', 'combined, lines/s', '× mtail', 'nginx-json, lines/s', '× mtail'], cells)}`;
}

function targetsOf(rates: Rates): Target[] {
  const times = (what: string, by: string, twin: Twin): number => rates.of(what, twin)! / rates.of(by, twin)!;
  const target = (name: string, what: string, by: string, wanted: number, always?: string): Target[] =>
    TWINS.map((twin) => ({
      what: `${name}, ${twin}`,
      wanted: `≥ ${wanted}`,
      measured:
        ratio(times(what, by, twin)) +
        (always === undefined ? '' : `; with \`always\` ${ratio(times(always, by, twin))}`),
      isKept: times(what, by, twin) >= wanted,
    }));
  const endToEnd = (encoding: Encoding, wanted: number): Target[] =>
    target(
      `end to end, ${encoding} : mtail`,
      pipelineName('everysec', encoding),
      'mtail',
      wanted,
      pipelineName('always', encoding),
    );
  return [
    ...endToEnd('gzip', 6),
    ...endToEnd('raw', 3),
    ...target('`statuslens analyze` : mtail', 'analyze', 'mtail', 10),
    ...target('`statuslens analyze` of .gz : `gzip -dc | wc -l`', 'analyze gz', 'gzip', 0.5),
  ];
}
