import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import type { Taken } from './batch-intake.js';
import type { Joinable } from './joinable.js';

/** Stores lines as one batch. @throws Refused */
type Commit = (lines: Buffer) => Promise<Taken>;

/** The more the last group joined, the longer others are waited for: a batch costs as much as some fifty of their requests. */
const MEMBERS_A_MILLISECOND = 32;
const LONGEST_WINDOW_MS = 5;

/**
 * Stores small bodies together, so that a thousand of one line each are not a thousand jobs: those that come while a
 * group of their lane is being stored make the next one. Whoever sends alone does not wait; where the last group joined
 * several, the next gathers for a moment, longer if they were many. Each sender is answered when the group that holds its lines is stored, or
 * could not be.
 */
export class GroupCommit {
  private readonly lanes = new Map<string, Lane>();

  /** @param commit stores a group of this lane, whoever sent it */
  join(body: Joinable, commit: Commit): Promise<Taken> {
    const { lane } = body;
    const known = this.lanes.get(lane);
    if (known) return known.join(body);
    const fresh = new Lane(commit);
    this.lanes.set(lane, fresh);
    const stored = fresh.join(body);
    void fresh.run().finally(() => this.lanes.delete(lane));
    return stored;
  }
}

interface Member {
  readonly lines: Buffer;
  readonly largestGroup: number;
  readonly resolve: (taken: Taken) => void;
  readonly reject: (error: unknown) => void;
}

class Lane {
  private waiting: Member[] = [];

  constructor(private readonly commit: Commit) {}

  join({ lines, largestGroup }: Joinable): Promise<Taken> {
    return new Promise((resolve, reject) => this.waiting.push({ lines, largestGroup, resolve, reject }));
  }

  /** Resolves when nobody waits any more. */
  async run(): Promise<void> {
    await turn();
    while (this.waiting.length > 0) {
      const group = this.next();
      await this.store(group);
      if (group.length > 1) await pause(windowOf(group.length));
      else await turn();
    }
  }

  private next(): Member[] {
    let bytes = 0;
    const over = this.waiting.findIndex(({ lines, largestGroup }) => (bytes += lines.length) > largestGroup);
    return this.waiting.splice(0, over < 0 ? Infinity : Math.max(over, 1));
  }

  private async store(group: readonly Member[]): Promise<void> {
    try {
      const taken = await this.commit(Buffer.concat(group.map(({ lines }) => lines)));
      for (const { resolve } of group) resolve(taken);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}

/** @returns milliseconds */
const windowOf = (members: number): number =>
  Math.min(Math.ceil(members / MEMBERS_A_MILLISECOND), LONGEST_WINDOW_MS);
