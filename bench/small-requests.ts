import { connect, type Socket } from 'node:net';

const ACCEPTED = Buffer.from('HTTP/1.1 202');

/**
 * Sends small bodies, each as a request of its own, over connections that each wait for their answer before they send the
 * next. Plain sockets: with an HTTP client its sender would need more of the machine than what it measures.
 * @returns how many were answered 202, and in how many seconds
 */
export async function sendSmall(
  url: string,
  bodies: readonly Buffer[],
  connections: number,
  forSeconds: number,
): Promise<{ readonly answered: number; readonly seconds: number }> {
  const { hostname, port, pathname, host } = new URL(url);
  const requests = bodies.map((body) =>
    Buffer.concat([
      Buffer.from(`POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${body.length}\r\n\r\n`),
      body,
    ]),
  );
  const start = performance.now();
  const end = start + 1000 * forSeconds;
  let next = 0;
  let answered = 0;
  const sender = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
      const send = (): void => {
        if (performance.now() < end) socket.write(requests[next++ % requests.length]!);
        else socket.end();
      };
      socket.once('connect', send);
      // an answer is far smaller than a segment, so it comes whole
      socket.on('data', (answer) => {
        if (answer.subarray(0, ACCEPTED.length).compare(ACCEPTED) !== 0)
          return socket.destroy(new Error(`ingest answered ${answer.toString('latin1', 0, 80)}`));
        answered++;
        send();
      });
      socket.once('error', reject);
      socket.once('close', () => resolve());
    });
  await Promise.all(Array.from({ length: connections }, sender));
  return { answered, seconds: (performance.now() - start) / 1000 };
}
