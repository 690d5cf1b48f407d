/**
 * The fields of one request, as one access-log line shows them. One object is reused for all lines of a batch,
 * so that reading a line allocates nothing; see docs/ARCHITECTURE.md, "The path of one line".
 *
 * Every optional field is three-valued. Numbers: a value from 0 up, or {@link ABSENT} (the log has the field and
 * says that there was none), or {@link NOT_LOGGED} (the log does not have the field). Texts: see {@link Text}.
 */

export const ABSENT = -1;
export const NOT_LOGGED = -2;

/** Indices for `method`; {@link OTHER_METHOD} is any token besides these. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export const OTHER_METHOD = METHODS.length;

/** Indices for `origin`: who made the status that the client got. */
export const MADE_BY = ['unknown', 'vendor', 'gateway'] as const;
export const BY_UNKNOWN = 0;
export const BY_VENDOR = 1;
export const BY_GATEWAY = 2;

/** Indices for `cause`: why the gateway answered by itself, where its log tells. */
export const CAUSES = [
  'unspecified',
  'upstream_timeout',
  'upstream_unreachable',
  'gateway_rejected',
  'throttled',
  'gateway_error',
  'client_closed',
] as const;
export type Cause = (typeof CAUSES)[number];

const NO_BYTES = new Uint8Array(0);

/** A text of the line: `bytes[start, end)`. A negative `start` is ABSENT or NOT_LOGGED; `bytes` means nothing then. */
export class Text {
  bytes: Uint8Array = NO_BYTES;
  start = NOT_LOGGED;
  end = NOT_LOGGED;

  set(bytes: Uint8Array, start: number, end: number): void {
    // most texts lie where the one before lay, and storing a pointer costs more than looking at it
    if (this.bytes !== bytes) this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  /** @param state ABSENT or NOT_LOGGED */
  unset(state: number): void {
    this.start = state;
    this.end = state;
  }

  get present(): boolean {
    return this.start >= 0;
  }

  /** For the few places that need a string; allocates. Empty unless present. */
  toString(): string {
    return this.present
      ? Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.start, this.end - this.start).toString()
      : '';
  }
}

export class Request {
  /** What the client got: 100 to 599, or 0 if it got no status. */
  code = 0;
  /** Epoch milliseconds: the time that the line names, of the beginning or of the end; see start-time.ts. */
  timeMs = NOT_LOGGED;
  /** When the request began, epoch milliseconds; of a log that tells its end but no duration, that end. */
  startMs = NOT_LOGGED;
  /** Index in METHODS. */
  method = NOT_LOGGED;
  /** Microseconds. */
  durationMicros = NOT_LOGGED;
  /** Bytes of the response body alone; NOT_LOGGED where the log counts headers too. */
  bodyBytes = NOT_LOGGED;
  /**
   * Size of the request as this gateway counts it, headers included or not: two requests of one log may be the same
   * only if theirs is the same, and it means nothing besides.
   */
  requestBytes = NOT_LOGGED;
  /** Which attempt this is, as its client says in a header: 1 = the first. */
  attempt = NOT_LOGGED;
  /** Seconds, of the upstream's own answer; if the gateway made the status, of the gateway's. */
  retryAfter = NOT_LOGGED;
  /** 1 = the whole response reached the client, 0 = it did not. */
  complete = NOT_LOGGED;
  /** Members in partialSuccessResponses. */
  partialSuccess = NOT_LOGGED;
  succeededResults = NOT_LOGGED;
  failedResults = NOT_LOGGED;
  /** 1 = the request set a timeout parameter, outside of the query that `path` shows. */
  timeoutParam = NOT_LOGGED;
  /** Index in MADE_BY. */
  origin = BY_UNKNOWN;
  /** Index in CAUSES; means something only where the gateway made the status. */
  cause = 0;
  /**
   * Statuses of the attempts that the client did not see, oldest first; `attemptCount` of them are valid. That is all
   * but the last one; the last one too, if the gateway put a status of its own in its place.
   */
  readonly earlierAttempts = new Uint16Array(16);
  attemptCount = 0;
  /** The job whose resource this request reads; no gateway logs it, `statuslens classify` may tell it. */
  afterJob: { readonly method: string; readonly state: string } | null | undefined = undefined;

  readonly host = new Text();
  /** Path and query, as requested. */
  readonly path = new Text();
  readonly contentType = new Text();
  readonly ifMatch = new Text();
  readonly ifNoneMatch = new Text();
  readonly errorCode = new Text();
  readonly requestId = new Text();
  readonly client = new Text();
  readonly consumer = new Text();
  /** The name that the settings have for the caller, or ABSENT; only lines that ingest has reduced tell it. */
  readonly knownConsumer = new Text();
  readonly device = new Text();
  readonly model = new Text();
  readonly userAgent = new Text();
  /** Location of the answer, as it was sent: a path or a URL. */
  readonly location = new Text();
  /** Idempotency-Key of the request; of a line that ingest has reduced, a keyed hash of it. */
  readonly idempotencyKey = new Text();

  /** Forgets the line before: everything is not logged. */
  reset(): void {
    this.code = 0;
    this.timeMs = NOT_LOGGED;
    this.startMs = NOT_LOGGED;
    this.method = NOT_LOGGED;
    this.durationMicros = NOT_LOGGED;
    this.bodyBytes = NOT_LOGGED;
    this.requestBytes = NOT_LOGGED;
    this.attempt = NOT_LOGGED;
    this.retryAfter = NOT_LOGGED;
    this.complete = NOT_LOGGED;
    this.partialSuccess = NOT_LOGGED;
    this.succeededResults = NOT_LOGGED;
    this.failedResults = NOT_LOGGED;
    this.timeoutParam = NOT_LOGGED;
    this.origin = BY_UNKNOWN;
    this.cause = 0;
    this.attemptCount = 0;
    this.afterJob = undefined;
    this.host.unset(NOT_LOGGED);
    this.path.unset(NOT_LOGGED);
    this.contentType.unset(NOT_LOGGED);
    this.ifMatch.unset(NOT_LOGGED);
    this.ifNoneMatch.unset(NOT_LOGGED);
    this.errorCode.unset(NOT_LOGGED);
    this.requestId.unset(NOT_LOGGED);
    this.client.unset(NOT_LOGGED);
    this.consumer.unset(NOT_LOGGED);
    this.knownConsumer.unset(NOT_LOGGED);
    this.device.unset(NOT_LOGGED);
    this.model.unset(NOT_LOGGED);
    this.userAgent.unset(NOT_LOGGED);
    this.location.unset(NOT_LOGGED);
    this.idempotencyKey.unset(NOT_LOGGED);
  }
}
