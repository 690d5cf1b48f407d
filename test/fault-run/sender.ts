import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** What became of the lines of one source. */
export interface Sent {
  /** Lines that were told 202. */
  acknowledged: number;
  /** Lines of requests without an answer: stored or not, nobody knows. */
  unanswered: number;
  requests: number;
  refused: number;
}

const ANSWER_MS = 10_000;
const BETWEEN_RETRIES_MS = 150;
const BETWEEN_BATCHES_MS = 100;

/**
 * Sends numbered lines as a log shipper does: batch after batch, each until it is acknowledged. With keys a batch keeps
 * its key over all repeats; without, every repeat of an unanswered request may count twice.
 */
export class Sender {
  /** When which lines were acknowledged, epoch milliseconds. */
  private readonly acknowledgements: { readonly at: number; readonly lines: number }[] = [];
  readonly sent: Sent = { acknowledged: 0, unanswered: 0, requests: 0, refused: 0 };
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 4 });
  private next = 0;

  constructor(
    readonly source: string,
    private readonly url: string,
    private readonly lines: number,
    private readonly linesPerBatch: number,
    private readonly keyed: boolean,
  ) {}

  /**
   * Sends at least `lines`, and goes on until it is over. Resolves when every line is acknowledged.
   * @param parallel batches under way at a time
   */
  async run(parallel: number, isOver: () => boolean): Promise<void> {
    await Promise.all(Array.from({ length: parallel }, () => this.sendUntil(isOver)));
    this.agent.destroy();
  }

  /** Lines that were acknowledged less than so long before one of these moments. */
  acknowledgedBefore(moments: readonly number[], withinMs: number): number {
    return this.acknowledgements
      .filter(({ at }) => moments.some((moment) => at <= moment && at > moment - withinMs))
      .reduce((sum, { lines }) => sum + lines, 0);
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
    for (;;) {
      this.sent.requests++;
      const status = await this.post(body, `${this.source}-${first}`);
      if (status === 202) {
        this.sent.acknowledged += end - first;
        this.acknowledgements.push({ at: Date.now(), lines: end - first });
        return;
      }
      if (status === undefined) this.sent.unanswered += end - first;
      else this.sent.refused++;
      await pause(BETWEEN_RETRIES_MS);
    }
  }

  /** @returns undefined if there was no answer */
  private post(body: Buffer, key: string): Promise<number | undefined> {
    const headers = { 'content-encoding': 'gzip', ...(this.keyed && { 'idempotency-key': key }) };
    return new Promise((resolve) => {
      const sent = request(
        `${this.url}/ingest/${this.source}`,
        { method: 'POST', agent: this.agent, headers, timeout: ANSWER_MS },
        (answer) => {
          answer.on('error', () => resolve(undefined));
          answer.resume().on('end', () => resolve(answer.statusCode));
        },
      );
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => resolve(undefined));
      sent.end(body);
    });
  }
}

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
