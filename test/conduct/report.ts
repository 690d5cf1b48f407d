import { UNKNOWN_OUTCOME } from './callers.js';
import { LOGS } from './log-lines.js';
import {
  MEASURES,
  precision,
  recall,
  type Accuracy,
  type Measure,
  type Measured,
  type Size,
} from './measure.js';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const number = (value: number): string => value.toLocaleString('en-US');
const percent = (share: number | undefined): string =>
  share === undefined ? '–' : `${(share * 100).toFixed(1)} %`;

const TITLES: Readonly<Record<Measure, string>> = {
  retries: 'Retries, with the status that they repeat',
  early: 'Retries before the end of a promised wait',
  repeatedWrites: 'Writes of unknown outcome that were sent again',
};

/** docs/retries.md, from the run that was just made. */
export function report(measured: readonly Measured[], size: Size, date: Date): string {
  const { seed, callers, minutes } = size;
  return `# What callers do next

Written by \`npm run test:conduct -- --report docs/retries.md\`: what statuslens says of the conduct of callers, how it infers
it, how often that is right, and what no access log shows.

## What is inferred, and how

An access log shows requests, not intentions. Two requests are the same **operation** if vendor, device, caller, method, path
and size of the request are the same. The caller is the address, the user and the user agent, as far as they are logged.

| what is counted | when |
| --- | --- |
| a **retry** | the operation had failed, and comes again within \`conduct.retry_window\` (60 s) after that, or after the end of the wait that Retry-After promised |
| its **disposition** | what the vendor's document says of the status *before*: \`allowed\`, \`wait_first\`, \`change_first\`, \`never\`, \`undocumented\` |
| a promised wait that was **kept** or **early** | the retry began after the wait, or before its end. One that no retry follows is \`never_returned\`: nobody knows how long its caller waits |
| a **missing** Retry-After | the document always promises the header with this status, the log has the field, and it is empty |
| a **chain** | the first failure and its retries. \`recovered\`: the last one went well. \`exhausted\`: none did. \`abandoned\`: no retry, though the document allows one. \`heeded\`: no retry, and the document does not allow one, or the caller opened a new session first |
| the **herd** | of the retries after a wait that was kept, the share in the busiest second of five minutes; 0 if there are fewer than 20 of them |
| a **write of unknown outcome** | POST, PUT, PATCH or DELETE that ended in ${[...UNKNOWN_OUTCOME].join(', ')}, that was cut, or that has no status (000, -1): its client left, so it is read as 499, and stays ignored everywhere else |
| **sent again** | the same operation comes again within the window: what it makes may be there twice |

Amplification is requests by operations: all requests, divided by those that are no retries.

**Order.** A retry began after the failure had ended. Requests of the same operation that overlap are no retries of each
other. A failure has one retry at most, a request repeats one failure at most: of several, the oldest.

**Clocks.** A log with milliseconds is trusted to 10 ms: gateways look at the clock once a turn, and round times and durations
apart. A step whose start or end is a whole second is taken to be of a log with whole seconds: each of its times may be up to
a second later than it says. Whoever came early by less than that is not called early. Of requests that a log of whole seconds
shows at the same time, those that failed come first.

**Time.** All this happens in the time of the log. A retry is recognised if it is answered at most two minutes after its
time was over; a promise of more than a day is followed for a day.

**Memory.** Each tracker remembers \`conduct.max_operations\` requests of a source, at most 1,000 of them of one operation. Beyond
that the oldest is forgotten, in no outcome, and counted: \`statuslens_conduct_skipped_requests_total{reason="evicted"}\`.

## How often that is right

${date.toISOString().slice(0, 10)}, seed ${seed}: ${callers} clients of each kind work for ${minutes} minutes, ${number(measured.filter(({ log }) => log === LOGS[0]).reduce((sum, { requests }) => sum + requests, 0))} requests, and know why they send each. Their
gateway's log goes the way of real lines: read, judged, written as steps, followed. Of first requests 18 % fail: at random, and
because every five minutes the API is down for 25 s, and says for how long.

**Precision / recall** of each: of what is counted, how much is so; of what is so, how much is counted. "–": nothing was counted,
or there was nothing to count. "Not measurable": the log lacks the field.

${(Object.keys(MEASURES) as Measure[]).map((measure) => sectionOf(measure, measured)).join('\n\n')}

What the figures teach:

- With the size of the request in the log, clients of their own address or agent are told apart nearly without error.
- **A poller looks like a client that retries**: after a failure its next question is the same request again. The log cannot tell
  a timer from a decision. The same goes for a client that makes things of the same size one after the other, and for clients
  behind one address with one agent. What clients say themselves (\`X-Attempt\`, \`Idempotency-Key\`) makes it exact.
- **Without the size of the request**, two different writes to the same path are one operation. Do not page anybody for writes
  that were sent again from such a log: \`statuslens_evidence_lines_total{field="request_bytes"}\` tells.
- A proxy that retries repeats the headers of its client, so its retries are called first attempts and are not counted, unless
  the request carries an Idempotency-Key.

## What makes it exact

- **\`Idempotency-Key\`** in the log: the key is the operation, whatever path, size and address are. Same key, same operation.
- **\`X-Attempt\`** or \`amz-sdk-request: attempt=2\` in the log: 2 and above is a retry of the failure before; 1 never is.

The pages of the [gateways](gateways/README.md) tell how to log both. A repeated write with a key is still counted and listed,
marked as keyed: whether the vendor honours the key no log shows, and no document in the catalogue promises it.

## What is not measurable

| what | why |
| --- | --- |
| promised waits, where Retry-After is not logged | neither kept nor broken: no series, not 0 |
| retries of a client whose address or agent changes between them | another caller, unless there is a key |
| retries that never reached the gateway, or reached another one | not in this log |
| whether a caller that was refused (401, 403) came back with other credentials | headers are not logged; only a session that it opened in between shows |
| a request that was changed but kept its length | the body is not logged |
| a caller's other requests during a promised wait | compliance is judged by the operation; \`429\` may mean all of them |
| whether a write of unknown outcome was done | only the device knows; \`statuslens suspects\` lists what to look up |
| whether a request was sent again by hand after the window | it counts as a new operation |
| requests without a status of a source with \`privacy: strict\` | nothing of such a line is kept |

## Again

\`\`\`sh
npm run test:conduct -- --seed ${seed} --callers ${callers} --minutes ${minutes}
\`\`\`

gives the same figures. A short form with thresholds is part of \`npm test\`.
`;
}

function sectionOf(measure: Measure, measured: readonly Measured[]): string {
  const kinds = [...new Set(measured.map(({ kind }) => kind))];
  const rows = kinds.map((kind) => {
    const ofKind = measured.filter((one) => one.kind === kind);
    const { hits, missed } = ofKind[0]!.accuracy[measure];
    return [kind, number(hits + missed), ...ofKind.map((one) => cell(measure, one))];
  });
  return `### ${TITLES[measure]}\n\n${table(['client', 'true ones', ...LOGS.map(({ name }) => name)], rows)}`;
}

function cell(measure: Measure, { log, accuracy }: Measured): string {
  if (measure === 'early' && !log.showsWaits) return 'not measurable';
  const one = accuracy[measure];
  const falseAlarms = precision(one) === 0 ? ` (${number(one.false)} counted)` : '';
  return `${both(one)}${falseAlarms}`;
}

const both = (one: Accuracy): string =>
  precision(one) === undefined && recall(one) === undefined
    ? '–'
    : `${percent(precision(one))} / ${percent(recall(one))}`;
