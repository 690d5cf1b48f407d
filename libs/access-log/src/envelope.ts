import { OPEN_BRACE, isBlank } from './ascii.js';
import { type LineReader, type ObjectBounds, type ObjectReader, outcomeIndex } from './format.js';
import { COMPLETE, INCOMPLETE, JsonFields } from './json-fields.js';
import { NESTED, STRING } from './json-word.js';
import { Text, type Request } from './request.js';

const MALFORMED_JSON = outcomeIndex('malformed_json');
const MISSING_STATUS = outcomeIndex('missing_status');
const MALFORMED_LINE = outcomeIndex('malformed_line');
const TRUNCATED = outcomeIndex('truncated');

/** Where shippers put the line that they read: Filebeat and Vector, Fluent Bit and Docker, and those who speak to Kafka. */
const LINE_KEYS = [['message'], ['log'], ['value', 'message'], ['value', 'log'], ['value']];
/** Where those put an object. */
const OBJECT_SLOT = 4;

/** Takes the original line out of the object that a shipper wrapped it into. */
class Envelope {
  readonly object = new JsonFields(LINE_KEYS);
  readonly line = new Text();

  /** @returns how the walk over the object ended; `line` is unset unless the object has one */
  open(bytes: Uint8Array, start: number, end: number): number {
    this.line.unset(-1);
    const walked = this.object.walk(bytes, start, end);
    for (let slot = 0; walked === COMPLETE && slot < LINE_KEYS.length; slot++) {
      const kind = this.object.kind(slot);
      if (kind !== STRING && !(kind === NESTED && slot === OBJECT_SLOT)) continue;
      this.object.toText(slot, this.line);
      this.trim();
      break;
    }
    return walked;
  }

  get holdsObject(): boolean {
    return this.line.end > this.line.start && this.line.bytes[this.line.start] === OPEN_BRACE;
  }

  /** Docker keeps the line break. */
  private trim(): void {
    const { line } = this;
    while (line.start < line.end && isBlank(line.bytes[line.start])) line.start++;
    while (line.end > line.start && isBlank(line.bytes[line.end - 1])) line.end--;
  }
}

/** Reads lines of text out of JSON objects. */
export class WrappedLines implements ObjectReader {
  private readonly envelope = new Envelope();
  readonly object: ObjectBounds = this.envelope.object;

  constructor(private readonly lines: LineReader) {}

  read(bytes: Uint8Array, start: number, end: number, request: Request): number {
    const walked = this.envelope.open(bytes, start, end);
    if (walked !== COMPLETE) return walked === INCOMPLETE ? TRUNCATED : MALFORMED_JSON;
    const { line } = this.envelope;
    return line.present ? this.lines.read(line.bytes, line.start, line.end, request) : MALFORMED_LINE;
  }
}

/** Reads objects as they are or, if they have no status, the object in the text of a shipper's. */
export class WrappedObjects implements ObjectReader {
  private readonly envelope = new Envelope();
  object: ObjectBounds;

  constructor(private readonly objects: ObjectReader) {
    this.object = objects.object;
  }

  read(bytes: Uint8Array, start: number, end: number, request: Request): number {
    this.object = this.objects.object;
    const outcome = this.objects.read(bytes, start, end, request);
    if (outcome !== MISSING_STATUS) return outcome;
    this.object = this.envelope.object;
    this.envelope.open(bytes, start, end);
    if (!this.envelope.holdsObject) return outcome;
    const { line } = this.envelope;
    return this.objects.read(line.bytes, line.start, line.end, request);
  }
}
