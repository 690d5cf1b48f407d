import { type ObjectReader, NO_STATUS, outcomeIndex } from './format.js';
import { statusValue } from './field-values.js';
import { COMPLETE, INCOMPLETE, type JsonFields } from './json-fields.js';
import type { Request } from './request.js';

const MALFORMED_JSON = outcomeIndex('malformed_json');
const TRUNCATED = outcomeIndex('truncated');

/** What all readers of JSON do: walk the object, take its status, and leave the other fields to the format. */
export abstract class JsonObjectReader implements ObjectReader {
  constructor(readonly object: JsonFields) {}

  read(bytes: Uint8Array, start: number, end: number, request: Request): number {
    request.reset();
    const walked = this.object.walk(bytes, start, end);
    if (walked !== COMPLETE) return walked === INCOMPLETE ? TRUNCATED : MALFORMED_JSON;
    const outcome = statusValue(this.object, this.statusSlot(), request);
    if (outcome <= NO_STATUS) this.readFields(request);
    return outcome;
  }

  /** The slot of the status that the client got. */
  protected abstract statusSlot(): number;

  /** Fills in everything but the status. */
  protected abstract readFields(request: Request): void;
}
