import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Source } from '#settings';
import type { Hold } from '../inflight.js';

/** While the app departs, a connection on which nothing comes for so long has nothing on the way. */
const QUIET_MS = 200;

/** What is asked of the setting of a stream. */
export interface StreamSetting {
  readonly allow_anonymous: boolean;
  /** In milliseconds; where a message may take as long as it likes, there is none. */
  readonly message_timeout?: number;
}

/** A connection of one sender. */
export class Connection {
  private readonly gone = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param hold the memory that its messages take
   * @param departing aborted when the app is about to end: what has begun is finished, nothing new is read
   */
  constructor(
    readonly socket: Socket,
    readonly hold: Hold,
    readonly departing: AbortSignal,
    private readonly setting: StreamSetting,
  ) {
    socket.on('error', () => {}); // seen by `closed`
    socket.once('close', () => {
      clearTimeout(this.timer);
      this.gone.abort();
    });
  }

  /** Aborted when the connection is closed, by whom ever. */
  get closed(): AbortSignal {
    return this.gone.signal;
  }

  get peer(): string {
    return `${this.socket.remoteAddress ?? 'unknown'}:${this.socket.remotePort ?? 0}`;
  }

  /** Who cannot present credentials is known by a certificate, or need not be known. */
  readonly sender = ({ credentials }: Source): boolean =>
    credentials === undefined || this.setting.allow_anonymous || this.isVerified;

  private get isVerified(): boolean {
    return this.socket instanceof TLSSocket && this.socket.authorized;
  }

  /** A message has begun: the connection is closed unless it {@link ends} in time. */
  begins(): void {
    const { message_timeout } = this.setting;
    if (message_timeout !== undefined)
      this.timer ??= setTimeout(() => this.socket.destroy(), message_timeout);
  }

  /** Nothing of a message is outstanding. */
  ends(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /**
   * What the sender writes, read only as it is asked for, so that a sender is slowed down by what is done with it. Ends
   * with the sender, or when the app departs and nothing more comes.
   */
  async *chunks(): AsyncGenerator<Buffer> {
    const { socket } = this;
    for (;;) {
      const chunk = socket.read() as Buffer | null;
      if (chunk) yield chunk;
      else if (socket.readableEnded || socket.destroyed || !(await this.more())) return;
    }
  }

  /** Writes an answer. Resolves when the system has taken it, or the connection is closed. */
  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** @returns false when the app departs and nothing comes */
  private more(): Promise<boolean> {
    const { socket, departing } = this;
    return new Promise((resolve) => {
      let quiet: NodeJS.Timeout | undefined;
      const settle = (more: boolean) => (): void => {
        clearTimeout(quiet);
        socket.off('readable', came).off('end', came).off('close', came);
        departing.removeEventListener('abort', leave);
        resolve(more);
      };
      const came = settle(true);
      const leave = (): void => void (quiet = setTimeout(settle(false), QUIET_MS));
      socket.once('readable', came).once('end', came).once('close', came);
      if (departing.aborted) leave();
      else departing.addEventListener('abort', leave, { once: true });
    });
  }
}
