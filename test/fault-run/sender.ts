import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** A batch that was told 202. */
export interface Acknowledged {
  /** What ingest calls it. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly lines: number;
}

/** What became of the requests of one source. */
export interface Sent {
  readonly acknowledged: readonly Acknowledged[];
  requests: number;
  /** Requests that were told 503. */
  refused: number;
  /** Requests without an answer, and those that could not even be made. */
  unanswered: number;
  unreachable: number;
  /** Lines of requests that were refused while they were stored, or not answered: stored or not, nobody knows. */
  inDoubt: number;
}

const ANSWER_MS = 10_000;
const BETWEEN_RETRIES_MS = 150;
const BETWEEN_BATCHES_MS = 100;

/**
 * Sends numbered lines as a log shipper does: batch after batch, each until it is acknowledged. With keys a batch keeps
 * its key over all repeats; without, every request in doubt may count besides the one that is acknowledged.
 */
export class Sender {
  private readonly acknowledged: Acknowledged[] = [];
  readonly sent: Sent = {
    acknowledged: this.acknowledged,
    requests: 0,
    refused: 0,
    unanswered: 0,
    unreachable: 0,
    inDoubt: 0,
  };
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 4 });
  private next = 0;

  constructor(
    readonly source: string,
    private readonly url: string,
    private readonly lines: number,
    private readonly linesPerBatch: number,
    readonly keyed: boolean,
  ) {}

  /**
   * Sends at least `lines`, and goes on until it is over. Resolves when every line is acknowledged.
   * @param parallel batches under way at a time
   */
  async run(parallel: number, isOver: () => boolean): Promise<void> {
    await Promise.all(Array.from({ length: parallel }, () => this.sendUntil(isOver)));
    this.agent.destroy();
  }

  private async sendUntil(isOver: () => boolean): Promise<void> {
    while (this.next < this.lines || !isOver()) {
      const first = this.next;
      this.next += this.linesPerBatch;
      await this.sendBatch(first, this.next);
      await pause(BETWEEN_BATCHES_MS);
    }
  }

  private async sendBatch(first: number, end: number): Promise<void> {
    const body = gzipSync(linesFrom(first, end), { level: 1 });
    const lines = end - first;
    for (;;) {
      this.sent.requests++;
      const answer = await this.post(body, `${this.source}-${first}`);
      if (typeof answer === 'object' && answer.batch !== undefined) {
        this.acknowledged.push({ id: answer.batch, at: Date.now(), lines });
        return;
      }
      this.failed(answer, lines);
      await pause(BETWEEN_RETRIES_MS);
    }
  }

  private failed(answer: Answer, lines: number): void {
    if (answer === 'unreachable') {
      this.sent.unreachable++;
      return;
    }
    if (answer === 'unanswered') this.sent.unanswered++;
    else this.sent.refused++;
    if (answer === 'unanswered' || !isRefusedAtOnce(answer)) this.sent.inDoubt += lines;
  }

  private post(body: Buffer, key: string): Promise<Answer> {
    const headers = { 'content-encoding': 'gzip', ...(this.keyed && { 'idempotency-key': key }) };
    return new Promise((resolve) => {
      const sent = request(
        `${this.url}/ingest/${this.source}`,
        { method: 'POST', agent: this.agent, headers, timeout: ANSWER_MS },
        (answer) => {
          let text = '';
          answer.on('error', () => resolve('unanswered'));
          answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
          answer.on('end', () => resolve(JSON.parse(text) as Answer));
        },
      );
      sent.on('timeout', () => sent.destroy());
      sent.on('error', ({ code }: NodeJS.ErrnoException) =>
        resolve(code === 'ECONNREFUSED' ? 'unreachable' : 'unanswered'),
      );
      sent.end(body);
    });
  }
}

/** The body of a 202 or of a refusal; `unanswered` if it did not come, or not to its end. */
type Answer = 'unreachable' | 'unanswered' | Told;

interface Told {
  readonly batch?: string;
  readonly error?: string;
  readonly hint?: string;
}

/** Before ingest has done anything with the batch. */
const isRefusedAtOnce = ({ error, hint }: Told): boolean =>
  error === 'overloaded' || hint?.endsWith('Redis is away.') === true;

/** Statuses in turn; one line in a hundred is an abort without a status, one is no line at all. */
const STATUSES = ['200', '503', '201', '404', '200', '504', '202'];

function linesFrom(first: number, end: number): string {
  const lines: string[] = [];
  for (let n = first; n < end; n++) {
    if (n % 100 === 7) lines.push(`not a line, number ${n}\n`);
    else
      lines.push(
        `10.0.0.1 - - [${clfNow()}] "GET /openidm/x?n=${n} HTTP/1.1" ${n % 100 === 8 ? '000' : STATUSES[n % STATUSES.length]} 12 "-" "curl"\n`,
      );
  }
  return lines.join('');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function clfNow(): string {
  const now = new Date().toISOString();
  const [year, month, day] = now.slice(0, 10).split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${now.slice(11, 19)} +0000`;
}
