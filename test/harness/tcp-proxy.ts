import { connect, createServer, type AddressInfo } from 'node:net';

/** A proxy in front of Redis that a test can make hold back what a client sends. */
export interface TcpProxy {
  readonly port: number;
  /** From now on, bytes of a client that hold the text, and all it sends after them, are held back. */
  holdBefore(text: string): void;
  /** Resolves when something is being held back. */
  readonly held: Promise<void>;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  let marker: string | undefined;
  let onHeld: () => void = () => {};
  const held = new Promise<void>((resolve) => (onHeld = resolve));
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    let holding = false;
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
    target.pipe(client);
    client.on('data', (chunk: Buffer) => {
      holding ||= marker !== undefined && chunk.includes(marker);
      if (holding) onHeld();
      else target.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    holdBefore: (text) => (marker = text),
    held,
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
