import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A proxy that a test can make cut, delay or hold back what goes through it. */
export interface TcpProxy {
  readonly port: number;
  /** From now on, bytes of a client that hold the text, and all it sends after them, are held back. */
  holdBefore(text: string): void;
  /** What comes on other connections is held back no more. */
  holdNothingMore(): void;
  /** Resolves when something is being held back. */
  readonly held: Promise<void>;
  /** Ends all connections; new ones are taken. */
  cut(): void;
  /** The next so many answers are lost: their connections end as they begin. */
  loseAnswers(howMany: number): void;
  /** Everything that comes from now on goes on so much later, in either direction. */
  delay(milliseconds: number): void;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  let marker: string | undefined;
  let delayMs = 0;
  let losing = 0;
  let onHeld: () => void = () => {};
  const held = new Promise<void>((resolve) => (onHeld = resolve));
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    let holding = false;
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    const toClient = new Pipe(client);
    const toTarget = new Pipe(target);
    target.on('data', (chunk: Buffer) => {
      if (losing === 0) return toClient.write(chunk, delayMs);
      losing--;
      client.destroy();
    });
    client.on('data', (chunk: Buffer) => {
      holding ||= marker !== undefined && chunk.includes(marker);
      if (holding) onHeld();
      else toTarget.write(chunk, delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    holdBefore: (text) => (marker = text),
    holdNothingMore: () => (marker = undefined),
    held,
    cut,
    loseAnswers: (howMany) => (losing = howMany),
    delay: (milliseconds) => (delayMs = milliseconds),
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** One direction of a connection: what came first goes first, also when a delay ends. */
class Pipe {
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly to: Socket) {}

  write(chunk: Buffer, delayMs: number): void {
    const due = Date.now() + delayMs;
    this.last = this.last.then(async () => {
      if (due > Date.now()) await pause(due - Date.now());
      if (this.to.writable) this.to.write(chunk);
    });
  }
}
