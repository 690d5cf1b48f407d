import type { MADE_BY, Request } from './request.js';

/** What became of a line: READ, NO_STATUS, or an index of OUTCOMES from {@link FIRST_REJECTION} up. */
export const READ = 0;
/** An abort before any status (000, 0, -1): ignored, not rejected. The rest of the request is read; its code is 0. */
export const NO_STATUS = 1;
export const FIRST_REJECTION = 2;
export const OUTCOMES = [
  'read',
  'no_status',
  'malformed_json',
  'missing_status',
  'bad_status',
  'malformed_line',
  'line_too_long',
  'truncated',
  'binary',
] as const;
export type Rejection = Exclude<(typeof OUTCOMES)[number], 'read' | 'no_status'>;

export const outcomeIndex = (name: (typeof OUTCOMES)[number]): number => OUTCOMES.indexOf(name);

/** Reads one line, or one JSON object, into a request. Never throws; costs O(end - start). */
export interface LineReader {
  /**
   * @param bytes the text; the line is `bytes[start, end)`, without its line break
   * @param request reset by the reader before it is filled
   * @returns an index of OUTCOMES
   */
  read(bytes: Uint8Array, start: number, end: number, request: Request): number;
}

/** What a reader of JSON tells about the object that it read last; {@link JsonFields} is one. */
export interface ObjectBounds {
  /** COMPLETE, INCOMPLETE or MALFORMED of json-fields.ts. */
  readonly status: number;
  /** The offset after the object, if it is complete. */
  readonly end: number;
  /** The first line break between the tokens of the object, or -1. */
  readonly lineBreak: number;
}

/** A reader that finds the end of its object by itself, so that no one has to look for it before. */
export interface ObjectReader extends LineReader {
  readonly object: ObjectBounds;
}

/** Where one field stands, from `fields:` of a source. */
export interface FieldMapping {
  /** Keys from the outside in; a number is the place in a list. */
  readonly path: readonly string[];
  readonly unit?: Unit;
}
/** Units of times and durations. */
export const UNITS = ['iso8601', 'clf', 's', 'ms', 'us', 'ns'] as const;
export type Unit = (typeof UNITS)[number];

/**
 * Fields that a mapping may name. `time` is when the answer had gone out; a log whose time is that of the beginning
 * names it `start_time` as well. `attempt` counts from 1, `resend_count` the attempts before this one.
 */
export const MAPPED_FIELDS = [
  'time',
  'status',
  'method',
  'path',
  'query',
  'request_line',
  'host',
  'duration',
  'body_bytes',
  'retry_after',
  'content_type',
  'if_match',
  'if_none_match',
  'error_code',
  'partial_success',
  'timeout_param',
  'request_id',
  'client',
  'consumer',
  'user_agent',
  'device',
  'model',
  'complete',
  'upstream_status',
  'start_time',
  'request_bytes',
  'location',
  'idempotency_key',
  'attempt',
  'resend_count',
] as const;
export type MappedField = (typeof MAPPED_FIELDS)[number];
export type FieldMappings = Partial<Record<MappedField, FieldMapping>>;

interface FormatFacts {
  readonly name: string;
  /** One sentence for users. */
  readonly about: string;
  /** Who this log can say made a status; sources of this format have series for these only. */
  readonly origins: readonly (typeof MADE_BY)[number][];
  /** Whether users may name the fields, with `fields:` of a source. */
  readonly isMapped?: boolean;
}

/** Each event is one JSON object. */
export interface JsonFormat extends FormatFacts {
  readonly kind: 'json';
  reader(fields: FieldMappings): ObjectReader;
}

/** Each event is one line of text. */
export interface TextFormat extends FormatFacts {
  readonly kind: 'text';
  reader(fields: FieldMappings): LineReader;
}

/** A log format: one file, one row in formats/index.ts. */
export type Format = JsonFormat | TextFormat;
