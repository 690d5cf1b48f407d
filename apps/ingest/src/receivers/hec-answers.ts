import type { RefusalName } from '../refusal.js';

/** The answers of Splunk's HTTP event collector: a status, a code that clients look at, and a text. */
export const HEC_ANSWERS = {
  success: { status: 200, code: 0, text: 'Success' },
  token_required: { status: 401, code: 2, text: 'Token is required' },
  invalid_authorization: { status: 401, code: 3, text: 'Invalid authorization' },
  invalid_token: { status: 403, code: 4, text: 'Invalid token' },
  no_data: { status: 400, code: 5, text: 'No data' },
  invalid_data_format: { status: 400, code: 6, text: 'Invalid data format' },
  incorrect_index: { status: 400, code: 7, text: 'Incorrect index' },
  server_is_busy: { status: 503, code: 9, text: 'Server is busy' },
  channel_missing: { status: 400, code: 10, text: 'Data channel is missing' },
  invalid_channel: { status: 400, code: 11, text: 'Invalid data channel' },
  event_field_required: { status: 400, code: 12, text: 'Event field is required' },
  event_field_blank: { status: 400, code: 13, text: 'Event field cannot be blank' },
  ack_disabled: { status: 400, code: 14, text: 'ACK is disabled' },
  healthy: { status: 200, code: 17, text: 'HEC is healthy' },
  unhealthy: { status: 503, code: 18, text: 'HEC is unhealthy, queues are full' },
  too_large: { status: 413, code: 27, text: 'Request entity too large' },
} as const;

export type HecAnswer = keyof typeof HEC_ANSWERS;

/** How a refusal is said, but for credentials, of which there are several ways to be wrong. */
export const HEC_REFUSALS: Readonly<Record<Exclude<RefusalName, 'unauthorized'>, HecAnswer>> = {
  unknown_source: 'incorrect_index',
  method_not_allowed: 'invalid_data_format',
  too_large: 'too_large',
  unsupported_encoding: 'invalid_data_format',
  empty_body: 'no_data',
  damaged_encoding: 'invalid_data_format',
  not_a_log: 'invalid_data_format',
  malformed: 'invalid_data_format',
  bad_key: 'invalid_data_format',
  rate_limited: 'server_is_busy',
  overloaded: 'server_is_busy',
  unavailable: 'server_is_busy',
};
