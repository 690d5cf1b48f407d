import { NO_STATUS, READ, type LineReader } from './format.js';
import { KeyValueFields } from './key-value-fields.js';
import type { MappedRequest } from './mapped-request.js';
import type { Request } from './request.js';

/** What the readers of `key=value` lines do: walk the line, then fill the request as the mapping says. */
export abstract class KeyValueReader implements LineReader {
  protected readonly fields: KeyValueFields;

  constructor(private readonly mapped: MappedRequest) {
    // these keys do not nest: a dot is a part of the key
    this.fields = new KeyValueFields(mapped.paths.map((path) => path.join('.')));
  }

  read(bytes: Uint8Array, start: number, end: number, request: Request): number {
    request.reset();
    this.fields.reset(bytes);
    const walked = this.walk(bytes, start, end);
    if (walked !== READ) return walked;
    const outcome = this.mapped.readStatus(this.fields, request);
    if (outcome <= NO_STATUS) this.mapped.readFields(this.fields, request);
    return outcome;
  }

  /** Keeps the fields of the line; @returns READ, or why the line is rejected */
  protected abstract walk(bytes: Uint8Array, start: number, end: number): number;
}
