import { type Detection, SAMPLE_BYTES, detectFormat } from './detect-format.js';
import { type BodyShape, DEFAULT_LIMITS, type EventLimits, EventReader } from './event-reader.js';
import { type TextFormat, outcomeIndex } from './format.js';
import { FORMATS } from './formats/index.js';
import type { OnEvent } from './framing.js';

/** Rejects every line, where nothing was detected. */
const NO_FORMAT: TextFormat = {
  name: 'none',
  about: 'No known format.',
  kind: 'text',
  origins: [],
  reader: () => ({ read: () => outcomeIndex('malformed_line') }),
};

/** An event reader for `format: auto`: it keeps the start of the body until it is enough to decide by. */
export class AutoEventReader {
  /** What was detected, once it was. */
  detection: Detection | undefined;
  private reader: EventReader | undefined;
  private readonly kept: Uint8Array[] = [];
  private keptBytes = 0;

  constructor(
    private readonly onEvent: OnEvent,
    private readonly limits: EventLimits = DEFAULT_LIMITS,
  ) {}

  /** Undefined until it shows. */
  get shape(): BodyShape | undefined {
    return this.reader?.shape;
  }

  push(chunk: Uint8Array): void {
    if (this.reader) {
      this.reader.push(chunk);
      return;
    }
    this.kept.push(Uint8Array.prototype.slice.call(chunk));
    this.keptBytes += chunk.length;
    if (this.keptBytes >= SAMPLE_BYTES) this.decide();
  }

  end(): void {
    const reader = this.reader ?? this.decide();
    reader.end();
  }

  private decide(): EventReader {
    const start = Buffer.concat(this.kept);
    this.kept.length = 0;
    this.detection = detectFormat(start);
    const format = this.detection ? FORMATS[this.detection.format] : NO_FORMAT;
    this.reader = new EventReader(format, {}, this.onEvent, this.limits);
    this.reader.push(start);
    return this.reader;
  }
}
