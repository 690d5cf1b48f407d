import { Injectable } from '@nestjs/common';
import { inflate, type LogBatch } from '#batches';
import { StepWriter } from '#conduct';
import { LiveSettings, type Settings, type Source } from '#settings';
import { LEDGER_BUCKETS, SourceReader, lensOf, type Counts, type Lens, type Tally } from '#verdict';

/** What a batch has in it. */
export interface Classified {
  readonly tally: Tally;
  /** What its callers can be followed by; undefined where they are not. */
  readonly steps: StepWriter | undefined;
}

type ReadSource = Pick<Source, 'vendor' | 'format'> & Partial<Source>;

/** A source that this process has never known. */
const UNKNOWN_SOURCE: ReadSource = { vendor: 'auto', format: 'auto' };

/**
 * Reads and judges the lines of a batch as the settings of its source say: those that are in force when it begins. A
 * reader is made again only if its source or the catalogue has changed.
 */
@Injectable()
export class BatchClassifier {
  private lens: Lens;
  private readonly readers = new Map<string, { source: ReadSource; lens: Lens; reader: SourceReader }>();

  constructor(private readonly settings: LiveSettings) {
    this.lens = lensOf(settings.now.catalogue);
    for (const name of settings.now.sources.keys()) this.readerOf(name, settings.now);
  }

  /**
   * @param hashKey of what callers are followed by; undefined if they are not
   * @throws Unreadable if the payload can never be read
   */
  async classify(batch: LogBatch, payload: Buffer, hashKey: Buffer | undefined): Promise<Classified> {
    const settings = this.settings.now;
    const reader = this.readerOf(batch.source, settings);
    const tally = reader.newTally(LEDGER_BUCKETS, {
      receivedAt: batch.receivedAt,
      now: Date.now(),
      lateAfterMs: settings.lateAfterMs,
    });
    const { ingest } = settings;
    const steps = hashKey && new StepWriter(this.lens, reader.consumers, batch.receivedAt, hashKey);
    const counts = steps ? following(tally, steps) : tally;
    const lines =
      batch.format === 'reduced' ? reader.beginReduced(counts) : reader.begin(counts, ingest.max_line);
    await inflate(payload, batch.encoding, ingest.max_inflated, (chunk) => lines.push(chunk));
    lines.end();
    return { tally, steps };
  }

  /** The batches of a source that has left were accepted, so they are counted all the same, as it was last known. */
  private readerOf(name: string, { sources, catalogue }: Settings): SourceReader {
    const lens = this.lens.catalogue === catalogue ? this.lens : (this.lens = lensOf(catalogue));
    const known = this.readers.get(name);
    const source = sources.get(name) ?? known?.source ?? UNKNOWN_SOURCE;
    if (known?.source === source && known.lens === lens) return known.reader;
    const reader = new SourceReader(lens, source);
    this.readers.set(name, { source, lens, reader });
    return reader;
  }
}

/** Counts what a tally counts, and writes down what callers can be followed by. */
const following = (tally: Tally, steps: StepWriter): Counts => ({
  classify(cell, request) {
    tally.classify(cell, request);
    steps.add(cell, request);
  },
  ignore: () => tally.ignore(),
  unanswered: (cell, request) => steps.add(cell, request),
  pass: (outcome, bytes, start, end) => tally.pass(outcome, bytes, start, end),
});
