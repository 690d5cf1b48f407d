import { Inject, Injectable } from '@nestjs/common';
import { inflate, type LogBatch } from '#batches';
import type { Settings, Source } from '#settings';
import { LEDGER_BUCKETS, SourceReader, lensOf, type Lens, type Tally } from '#verdict';
import { SETTINGS } from './tokens.js';

/** Reads and judges the lines of a batch as the settings of its source say. */
@Injectable()
export class BatchClassifier {
  private readonly lens: Lens;
  private readonly readers = new Map<string, SourceReader>();

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {
    this.lens = lensOf(settings.catalogue);
    for (const source of settings.sources.values()) this.readers.set(source.name, this.reader(source));
  }

  /** @throws Unreadable if the payload can never be read */
  async classify(batch: LogBatch, payload: Buffer): Promise<Tally> {
    const { lateAfterMs, ingest } = this.settings;
    const reader = this.readerOf(batch.source);
    const tally = reader.newTally(LEDGER_BUCKETS, {
      receivedAt: batch.receivedAt,
      now: Date.now(),
      lateAfterMs,
    });
    const lines =
      batch.format === 'reduced' ? reader.beginReduced(tally) : reader.begin(tally, ingest.max_line);
    await inflate(payload, batch.encoding, ingest.max_inflated, (chunk) => lines.push(chunk));
    lines.end();
    return tally;
  }

  /** A source that has left the settings since: its batches were accepted, so they are counted all the same. */
  private readerOf(source: string): SourceReader {
    const known = this.readers.get(source) ?? this.reader({ vendor: 'auto', format: 'auto' });
    this.readers.set(source, known);
    return known;
  }

  private reader(source: Pick<Source, 'vendor' | 'format'> & Partial<Source>): SourceReader {
    return new SourceReader(this.lens, source);
  }
}
