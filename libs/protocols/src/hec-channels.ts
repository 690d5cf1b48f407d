const IDLE_MS = 30 * 60_000;
const MOST_CHANNELS = 1000;
const MOST_IDS = 1000;

/** What is known of one channel. */
interface Channel {
  /** Its first id; lower ones were given before this process knew it. */
  readonly first: number;
  next: number;
  /** Ids that were given and not yet asked for, oldest first. */
  readonly pending: Set<number>;
  /** The highest id that was forgotten, as there were too many. */
  forgotten: number;
  usedMs: number;
}

/**
 * The acknowledgements of Splunk's collector. An id is given once the lines of its request are stored, so it is true
 * when it is asked for first, and false when it is asked for again. Of ids that are not known any more, since there
 * were too many, the channel was idle for half an hour, or another process gave them, it is only known that they were
 * given, so they are true: a shipper that hears false for minutes believes that its lines are lost.
 */
export class HecChannels {
  /** Least recently used first. */
  private readonly channels = new Map<string, Channel>();

  get size(): number {
    return this.channels.size;
  }

  /**
   * @param nowMs the first id of a channel, so that ids of before a restart do not come again
   * @returns the id for a request that has been stored
   */
  give(name: string, nowMs: number): number {
    this.expire(nowMs);
    const channel = this.channels.get(name) ?? begun(nowMs);
    this.touch(name, channel, nowMs);
    const id = channel.next++;
    channel.pending.add(id);
    if (channel.pending.size > MOST_IDS) forgetOldest(channel);
    return id;
  }

  /** @returns for each id whether its request is stored and this is the first time that it is told */
  ask(name: string, ids: readonly number[], nowMs: number): Record<string, boolean> {
    this.expire(nowMs);
    const channel = this.channels.get(name);
    if (channel) this.touch(name, channel, nowMs);
    return Object.fromEntries(ids.map((id) => [id, channel === undefined || answer(channel, id)]));
  }

  private touch(name: string, channel: Channel, nowMs: number): void {
    channel.usedMs = nowMs;
    this.channels.delete(name);
    this.channels.set(name, channel);
    if (this.channels.size > MOST_CHANNELS) this.channels.delete(this.oldest![0]);
  }

  private expire(nowMs: number): void {
    for (let oldest = this.oldest; oldest && nowMs - oldest[1].usedMs > IDLE_MS; oldest = this.oldest)
      this.channels.delete(oldest[0]);
  }

  private get oldest(): [string, Channel] | undefined {
    return this.channels.entries().next().value;
  }
}

const begun = (nowMs: number): Channel => ({
  first: nowMs,
  next: nowMs,
  pending: new Set(),
  forgotten: -1,
  usedMs: nowMs,
});

function forgetOldest(channel: Channel): void {
  channel.forgotten = channel.pending.values().next().value!;
  channel.pending.delete(channel.forgotten);
}

function answer({ first, forgotten, pending }: Channel, id: number): boolean {
  return pending.delete(id) || id < first || id <= forgotten;
}
