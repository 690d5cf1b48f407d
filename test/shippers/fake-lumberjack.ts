import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { deflateSync } from 'node:zlib';
import { until } from '../harness/until.js';

/** Clients of Lumberjack that cannot be installed here, as strict as their sources. */
export interface LumberjackQuirks {
  readonly name: string;
  /** Whether sequence numbers go on over windows, or begin at 1 in each. */
  readonly cumulative: boolean;
  readonly compressed: boolean;
  /** Windows that may be under way at the same time. */
  readonly pipelining: number;
  /** So long it waits for any answer; a number that acknowledges nothing is one. */
  readonly timeoutMs: number;
  readonly event: (line: string, position: number) => object;
}

/** After go-lumber, which is in Filebeat. Its timeout is 30 s. */
export const FILEBEAT: LumberjackQuirks = {
  name: 'Filebeat',
  cumulative: false,
  compressed: true,
  pipelining: 2,
  timeoutMs: 5000,
  event: (message, offset) => ({
    '@timestamp': '2026-11-21T06:07:42.123Z',
    '@metadata': { beat: 'filebeat', type: '_doc', version: '8.15.0' },
    message,
    log: { offset, file: { path: '/var/log/nginx/access.log' } },
    agent: { name: 'web1', ephemeral_id: '5b1c9c0e-7a07-4c4d-9c48-8d1a9f6e2d11' },
  }),
};

/** After jls-lumberjack, which is in Logstash. */
export const LOGSTASH: LumberjackQuirks = {
  name: 'Logstash',
  cumulative: true,
  compressed: true,
  pipelining: 1,
  timeoutMs: 60_000,
  event: (message) => ({ '@version': '1', message }),
};

interface Window {
  readonly lines: readonly string[];
  readonly first: number;
  /** Of its last event, once it was sent. */
  sequence: number;
}

/** One sender. What is not acknowledged is sent again over a new connection. */
export class FakeLumberjack {
  private socket: Socket | undefined;
  private sent: Window[] = [];
  private waiting: Window[] = [];
  private sequence = 0;
  private position = 0;
  private pending = Buffer.alloc(0);
  private timer: NodeJS.Timeout | undefined;
  /** Answers that acknowledge nothing, and connections that were given up. */
  keepAlives = 0;
  reconnects = 0;
  /** What the real one would call a protocol error. */
  fault: string | undefined;

  constructor(
    private readonly quirks: LumberjackQuirks,
    private readonly port: number,
    private readonly source: string,
  ) {}

  /** @returns nothing; see `done` */
  send(lines: readonly string[]): void {
    this.waiting.push({ lines, first: this.position, sequence: 0 });
    this.position += lines.length;
    this.flush();
  }

  /** Resolves when everything is acknowledged. */
  async done(): Promise<void> {
    await until(
      `${this.quirks.name} has everything acknowledged`,
      () => {
        if (this.fault !== undefined) return true;
        return this.sent.length + this.waiting.length === 0;
      },
      { timeoutMs: 20_000 },
    );
    if (this.fault !== undefined) throw new Error(`${this.quirks.name}: ${this.fault}`);
  }

  close(): void {
    clearTimeout(this.timer);
    this.socket?.removeAllListeners('close').destroy();
  }

  private flush(): void {
    this.socket ??= this.connected();
    while (this.waiting.length > 0 && this.sent.length < this.quirks.pipelining) {
      const window = this.waiting.shift()!;
      this.sent.push(window);
      this.write(window);
    }
  }

  private write(window: Window): void {
    const { quirks } = this;
    if (!quirks.cumulative) this.sequence = 0;
    const events = window.lines.map((line, i) => {
      const event = { ...quirks.event(line, 100 * (window.first + i)), fields: { source: this.source } };
      return frame('2J', ++this.sequence, Buffer.from(JSON.stringify(event)));
    });
    window.sequence = this.sequence;
    const head = frame('2W', window.lines.length);
    const body = Buffer.concat(events);
    const frames = quirks.compressed
      ? [head, frame('2C', undefined, deflateSync(body, { level: 3 }))]
      : [head, body];
    this.socket!.write(Buffer.concat(frames));
    this.wait();
  }

  private connected(): Socket {
    const socket = connect(this.port, '127.0.0.1');
    this.sequence = 0;
    this.pending = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (bytes) => this.read(bytes));
    socket.once('close', () => this.again());
    return socket;
  }

  /** Un-acknowledged windows go first, as they were. */
  private again(): void {
    if (this.fault !== undefined) return;
    this.reconnects++;
    this.waiting.unshift(...this.sent);
    this.sent = [];
    this.socket = undefined;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), 50);
  }

  private wait(): void {
    clearTimeout(this.timer);
    if (this.sent.length > 0) this.timer = setTimeout(() => this.socket?.destroy(), this.quirks.timeoutMs);
  }

  private read(bytes: Buffer): void {
    this.pending = Buffer.concat([this.pending, bytes]);
    for (; this.pending.length >= 6; this.pending = this.pending.subarray(6)) {
      if (this.pending.toString('latin1', 0, 2) !== '2A') return this.fail('protocol error');
      this.acknowledged(this.pending.readUInt32BE(2));
    }
    this.wait();
    this.flush();
  }

  private acknowledged(sequence: number): void {
    const first = this.sent[0];
    if (sequence === 0) return void this.keepAlives++;
    if (!first || sequence > first.sequence)
      return this.fail(`invalid sequence number received (seq=${sequence}, expected=${first?.sequence})`);
    if (sequence === first.sequence) this.sent.shift();
  }

  private fail(fault: string): void {
    this.fault = fault;
    this.close();
  }
}

/** @param number of a W the count, of a J the sequence; then a length and the body */
export function frame(type: string, number: number | undefined, body?: Buffer): Buffer {
  const numbers = [...(number === undefined ? [] : [number]), ...(body ? [body.length] : [])];
  const head = Buffer.alloc(4 * numbers.length);
  numbers.forEach((value, i) => head.writeUInt32BE(value, 4 * i));
  return Buffer.concat([Buffer.from(type), head, body ?? Buffer.alloc(0)]);
}

/**
 * Writes bytes to a port, and resolves with all that is answered until the server closes the connection.
 * @param ends whether the client ends its side behind them
 */
export async function say(port: number, bytes: Buffer, { ends }: { ends: boolean }): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  const answers: Buffer[] = [];
  socket.on('error', () => {}).on('data', (piece) => answers.push(piece));
  if (ends) socket.end(bytes);
  else socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(answers);
}
