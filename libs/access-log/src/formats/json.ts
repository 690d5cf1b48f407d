import type { FieldMappings, JsonFormat } from '../format.js';
import { JsonFields } from '../json-fields.js';
import { JsonObjectReader } from '../json-object-reader.js';
import { MappedRequest } from '../mapped-request.js';
import type { Request } from '../request.js';
import { USUAL_KEYS } from './usual-keys.js';

class JsonReader extends JsonObjectReader {
  constructor(private readonly mapped: MappedRequest) {
    super(new JsonFields(mapped.paths));
  }

  protected statusSlot(): number {
    return this.mapped.statusSlot(this.object);
  }

  protected readFields(request: Request): void {
    this.mapped.readFields(this.object, request);
  }
}

export const json: JsonFormat = {
  name: 'json',
  about:
    'JSON objects with keys of your own: name them under `fields:`, or leave it out for the usual names.',
  kind: 'json',
  origins: ['unknown', 'vendor', 'gateway'],
  isMapped: true,
  reader: (fields: FieldMappings) => new JsonReader(new MappedRequest(fields, USUAL_KEYS)),
};
