import type { Redis } from 'ioredis';

/** So long replicas may take. WAIT holds up all that comes after it on its connection, and senders are told within 2 s. */
const WAIT_MS = 500;

/**
 * Lets a write pass once enough replicas have it. WAIT speaks of what its own connection wrote before, so a connection
 * that was lost in between is a failure. Callers share a wait, so their number does not matter.
 */
export class ReplicaBarrier {
  private connections = 0;
  private underWay: Promise<unknown> = Promise.resolve();
  private next: Promise<void> | undefined;

  /** @param replicas 0: nobody is waited for */
  constructor(
    private readonly redis: Redis,
    private readonly replicas: number,
  ) {
    redis.on('ready', () => this.connections++);
  }

  /**
   * Resolves with what `write` gave, which must write on this connection.
   * @throws if fewer replicas had it in time, or it is not known
   */
  async through<T>(write: () => Promise<T>): Promise<T> {
    if (this.replicas === 0) return write();
    const connection = this.connections;
    const result = await write();
    await this.replicated();
    if (connection !== this.connections) throw new Error('Redis was lost while its replicas were waited for');
    return result;
  }

  /** The wait that is under way may have begun before the write of this caller, so it joins the next one. */
  private replicated(): Promise<void> {
    return (this.next ??= this.underWay.then(() => {
      this.next = undefined;
      const wait = this.wait();
      this.underWay = wait.catch(() => {});
      return wait;
    }));
  }

  private async wait(): Promise<void> {
    const found = await this.redis.wait(this.replicas, WAIT_MS);
    if (found < this.replicas)
      throw new Error(`${found} replicas have it, and redis.replicas is ${this.replicas}`);
  }
}
