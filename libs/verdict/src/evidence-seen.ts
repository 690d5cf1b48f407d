import { ABSENT, BY_UNKNOWN, NOT_LOGGED, type Request } from '#access-log';

/** Whether a log line carries a piece of evidence; values of the label `state`. */
const EVIDENCE_STATES = ['present', 'absent', 'not_logged'] as const;

const PRESENT_STATE = 0;
const ABSENT_STATE = 1;
const NOT_LOGGED_STATE = 2;

const stateOf = (value: number): number =>
  value === NOT_LOGGED ? NOT_LOGGED_STATE : value === ABSENT ? ABSENT_STATE : PRESENT_STATE;

/** What a judgement or a metric may rest on, by values of the label `field`. */
const LOOK: Readonly<Record<string, (request: Request) => number>> = {
  time: (request) => stateOf(request.timeMs),
  host: (request) => stateOf(request.host.start),
  method: (request) => stateOf(request.method),
  path: (request) => stateOf(request.path.start),
  duration: (request) => stateOf(request.durationMicros),
  body_bytes: (request) => stateOf(request.bodyBytes),
  origin: (request) => (request.origin === BY_UNKNOWN ? NOT_LOGGED_STATE : PRESENT_STATE),
  retry_after: (request) => stateOf(request.retryAfter),
  content_type: (request) => stateOf(request.contentType.start),
  if_match: (request) => stateOf(request.ifMatch.start),
  if_none_match: (request) => stateOf(request.ifNoneMatch.start),
  partial_success: (request) => stateOf(request.partialSuccess),
  error_code: (request) => stateOf(request.errorCode.start),
  consumer: (request) => stateOf(request.consumer.start),
  user_agent: (request) => stateOf(request.userAgent.start),
  request_bytes: (request) => stateOf(request.requestBytes),
  location: (request) => stateOf(request.location.start),
  idempotency_key: (request) => stateOf(request.idempotencyKey.start),
  attempt: (request) => stateOf(request.attempt),
};

const EVIDENCE_FIELDS = Object.keys(LOOK);
const LOOKS = Object.values(LOOK);

/** How many series there can be. Who made a status is never absent, and with some logs never told. */
export const evidenceSeries = (tellsOrigin: boolean): number =>
  EVIDENCE_FIELDS.length * EVIDENCE_STATES.length - (tellsOrigin ? 1 : 2);

/** Counts, of all lines of a batch, which evidence they carry. */
export class EvidenceSeen {
  private readonly counts = new Uint32Array(EVIDENCE_FIELDS.length * EVIDENCE_STATES.length);

  add(request: Request): void {
    for (let i = 0; i < LOOKS.length; i++) this.counts[i * EVIDENCE_STATES.length + LOOKS[i]!(request)]!++;
  }

  *entries(): Generator<readonly [field: string, state: string, count: number]> {
    for (let i = 0; i < this.counts.length; i++)
      if (this.counts[i]! > 0)
        yield [
          EVIDENCE_FIELDS[Math.floor(i / EVIDENCE_STATES.length)]!,
          EVIDENCE_STATES[i % EVIDENCE_STATES.length]!,
          this.counts[i]!,
        ];
  }
}
