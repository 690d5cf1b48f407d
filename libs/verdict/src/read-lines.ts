import {
  AutoEventReader,
  EventReader,
  FORMATS,
  REDUCED_FORMAT,
  type BodyShape,
  type FieldMappings,
  type FormatName,
  type OnEvent,
} from '#access-log';

/** The lines of one batch on their way to whoever takes their events. */
export interface Lines {
  push(chunk: Uint8Array): void;
  end(): void;
  /** Which format they were read as, and why. */
  formatChosen(): string;
  /**
   * How they are written, for readers of other parts of them that begin and end with a line. Undefined before that shows,
   * and where no part of them can be read by itself.
   */
  writing(): Writing | undefined;
}

/** How lines are written. */
export interface Writing {
  /** A format, or `auto`. */
  readonly format: string;
  readonly fields?: FieldMappings;
  /** As the beginning of the body shows, for lines from its middle. */
  readonly shape?: BodyShape;
}

/** Reads lines as they are written, or as they seem to be for `auto`. @param maxLineBytes a longer line is rejected */
export function readLines(
  { format, fields = {}, shape }: Writing,
  onEvent: OnEvent,
  maxLineBytes: number,
): Lines {
  if (format === 'auto') return autoLines(new AutoEventReader(onEvent, { maxLineBytes }));
  const reader = new EventReader(FORMATS[format as FormatName], fields, onEvent, { maxLineBytes }, shape);
  return {
    ...pushing(reader),
    formatChosen: () => `format ${format}, as told`,
    writing: () => inParts({ format, fields }, reader.shape),
  };
}

/** Reads lines that a LineReducer wrote; how long they may be was decided then. */
export function readReducedLines(onEvent: OnEvent): Lines {
  const reader = new EventReader(REDUCED_FORMAT, {}, onEvent, { maxLineBytes: Infinity });
  return {
    ...pushing(reader),
    formatChosen: () => 'lines that ingest reduced',
    writing: () => undefined,
  };
}

const autoLines = (reader: AutoEventReader): Lines => ({
  ...pushing(reader),
  formatChosen: () =>
    reader.detection ? `format ${reader.detection.format}: ${reader.detection.why}` : 'no known format',
  writing: () => reader.detection && inParts({ format: reader.detection.format }, reader.shape),
});

/** Items of a list cannot be told apart at line breaks. */
const inParts = (writing: Writing, shape: BodyShape | undefined): Writing | undefined =>
  shape === undefined || shape === 'list' ? undefined : { ...writing, shape };

const pushing = (reader: EventReader | AutoEventReader) => ({
  push: (chunk: Uint8Array) => reader.push(chunk),
  end: () => reader.end(),
});
