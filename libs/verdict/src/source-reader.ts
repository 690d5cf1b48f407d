import {
  AutoEventReader,
  EventReader,
  FORMATS,
  NOT_LOGGED,
  READ,
  type FieldMappings,
  type FormatName,
  type OnEvent,
} from '#access-log';
import type { Catalogue } from '#catalogue';
import type { Judge } from './judge.js';
import type { Tally } from './tally.js';
import { bytesOf } from './text-match.js';
import { vendorRouter, type VendorRouter } from './vendor-router.js';

/** How the lines of a source are to be read and judged. */
export interface Reading {
  /** A vendor of the catalogue, or `auto`. */
  readonly vendor: string;
  /** A format, or `auto`. */
  readonly format: string;
  readonly fields?: FieldMappings;
  /** Model of the device behind the source, where the log does not tell. */
  readonly model?: string | undefined;
  /** A query without a timeout parameter means that the request had none. */
  readonly timeoutInQuery?: boolean;
}

/** The lines of one batch on their way into a tally. */
export interface Lines {
  push(chunk: Uint8Array): void;
  end(): void;
  /** Which format they were read as, and why. */
  formatChosen(): string;
}

/** Reads, judges and counts the lines of a source; made once, used for every batch. */
export class SourceReader {
  private readonly route: VendorRouter;
  private readonly model: Uint8Array | undefined;

  constructor(
    catalogue: Catalogue,
    private readonly judge: Judge,
    private readonly reading: Reading,
  ) {
    this.route = vendorRouter(catalogue, reading.vendor);
    this.model = reading.model === undefined ? undefined : bytesOf(reading.model);
  }

  /** @param maxLineBytes a longer line is rejected */
  begin(tally: Tally, maxLineBytes: number): Lines {
    const onEvent = this.counting(tally);
    const { format, fields = {} } = this.reading;
    if (format === 'auto') return autoLines(new AutoEventReader(onEvent, { maxLineBytes }));
    const reader = new EventReader(FORMATS[format as FormatName], fields, onEvent, { maxLineBytes });
    return {
      push: (chunk) => reader.push(chunk),
      end: () => reader.end(),
      formatChosen: () => `format ${format}, as told`,
    };
  }

  private counting(tally: Tally): OnEvent {
    const { judge, route, model } = this;
    const { timeoutInQuery = false } = this.reading;
    return (outcome, request, bytes, start, end) => {
      if (outcome !== READ) return tally.pass(outcome, bytes, start, end);
      if (model !== undefined && !request.model.present) request.model.set(model, 0, model.length);
      if (timeoutInQuery && request.timeoutParam === NOT_LOGGED && request.path.present)
        request.timeoutParam = 0;
      tally.classify(judge.cell(route(request), request), request);
    };
  }
}

const autoLines = (reader: AutoEventReader): Lines => ({
  push: (chunk) => reader.push(chunk),
  end: () => reader.end(),
  formatChosen: () =>
    reader.detection ? `format ${reader.detection.format}: ${reader.detection.why}` : 'no known format',
});
