import { attemptValue, textValue } from './field-values.js';
import type { Fields } from './fields.js';
import { MISSING } from './json-word.js';
import { ABSENT, NOT_LOGGED, type Text } from './request.js';

/** Of a gateway that logs all headers: one that is not there was not sent, unless a filter took the headers away. */
export const withoutHeader = (fields: Fields, headers: number): number =>
  fields.kind(headers) === MISSING ? NOT_LOGGED : ABSENT;

/** The text of one header. @param headers the slot of all of them */
export function headerText(fields: Fields, slot: number, headers: number, text: Text): void {
  text.unset(withoutHeader(fields, headers));
  textValue(fields, slot, text);
}

/**
 * Which attempt this is, by the first header that tells.
 * @param headers the slot of all of them
 */
export function attemptOfHeaders(fields: Fields, slots: readonly number[], headers: number): number {
  for (let i = 0; i < slots.length; i++)
    if (fields.kind(slots[i]!) !== MISSING) return attemptValue(fields, slots[i]!);
  return withoutHeader(fields, headers);
}
