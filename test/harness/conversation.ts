import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { until } from './until.js';

/** One connection over which HTTP is spoken byte by byte, as slow or rude senders do. */
export class Conversation {
  /** Everything that was answered. */
  text = '';
  /** Resolves with everything that was answered once the other side has closed the connection. */
  readonly closed: Promise<string>;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1').on('data', (piece: string) => (this.text += piece));
    socket.on('error', () => {}); // seen by what is not answered
    this.closed = new Promise((resolve) => socket.once('close', () => resolve(this.text)));
  }

  static async with(url: string): Promise<Conversation> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Conversation(socket);
  }

  write(text: string | Buffer): void {
    this.socket.write(text);
  }

  /** Whether another request on the same connection is answered. */
  async healthz(): Promise<boolean> {
    this.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    return until('the connection answers', () => this.text.includes('{"status":"alive"}'));
  }

  end(): void {
    this.socket.destroy();
  }
}
