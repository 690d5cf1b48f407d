/**
 * Everything that a sender may be refused for. The answer, the label of the metric and the documentation all come
 * from this table. What each real shipper does with each status: docs/decisions/0004-what-senders-are-told.md.
 */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** What the sender should do. */
  readonly hint: string;
  /** Seconds; small, since some clients give up if the wait exceeds their budget. */
  readonly retryAfter?: number;
}

export const REFUSALS = {
  unauthorized: {
    status: 401,
    message: 'The credentials are missing or wrong.',
    hint: 'Send "Authorization: Bearer <token>" or Basic credentials as the settings of the source demand.',
  },
  unknown_source: {
    status: 404,
    message: 'There is no source of this name.',
    hint: 'Add it to `sources` in statuslens.yaml, to `ingest.names` as another name of a source, or correct the name.',
  },
  method_not_allowed: {
    status: 405,
    message: 'Log lines are sent with POST or PUT; HEAD asks whether they may be sent.',
    hint: 'Use POST.',
  },
  too_large: {
    status: 413,
    message: 'The body is larger than ingest.max_body or limits.max_body of the source allows.',
    hint: 'Send smaller batches, or raise the limit.',
  },
  unsupported_encoding: {
    status: 415,
    message: 'This Content-Encoding is not supported.',
    hint: 'Use identity, gzip, deflate, snappy or zstd.',
  },
  empty_body: {
    status: 422,
    message: 'The body is empty.',
    hint: 'Send log lines, JSON objects one per line, or a JSON array of them.',
  },
  damaged_encoding: {
    status: 422,
    message: 'The body is not what its Content-Encoding says.',
    hint: 'Compress the body as declared, or send it without Content-Encoding.',
  },
  not_a_log: {
    status: 422,
    message: 'The body is binary data, not lines of text or JSON.',
    hint: 'Send the log itself. A compressed log is recognised, an archive is not.',
  },
  malformed: {
    status: 422,
    message: 'The body is not what this protocol sends.',
    hint: 'Look at what is wrong with it; the same body will be refused again.',
  },
  bad_key: {
    status: 422,
    message: 'The Idempotency-Key is empty or longer than 255 characters.',
    hint: 'Send a short key that is unique for each batch, such as a UUID.',
  },
  rate_limited: {
    status: 503,
    message: 'This source sends more than limits.max_rate in its settings allows.',
    hint: 'Send the same request again in some seconds.',
    retryAfter: 3,
  },
  overloaded: {
    status: 503,
    message: 'There is more to count than fits just now.',
    hint: 'Send the same request again in some seconds.',
    retryAfter: 3,
  },
  unavailable: {
    status: 503,
    message: 'The lines could not be stored safely just now.',
    hint: 'Send the same request again.',
    retryAfter: 2,
  },
} as const satisfies Record<string, Refusal>;

export type RefusalName = keyof typeof REFUSALS;

/** Thrown anywhere on the way of a request; the receiver turns it into the answer. */
export class Refused extends Error {
  constructor(
    readonly refusal: RefusalName,
    /** Added to the hint of the answer. */
    readonly detail?: string,
  ) {
    super(REFUSALS[refusal].message);
    this.name = 'Refused';
  }
}

/** The body of an answer that refuses: small, since some shippers read 4 KB at most. */
export const refusalBody = (name: RefusalName, detail?: string) => ({
  error: name,
  message: REFUSALS[name].message,
  hint: detail === undefined ? REFUSALS[name].hint : `${REFUSALS[name].hint} ${detail}`,
});
