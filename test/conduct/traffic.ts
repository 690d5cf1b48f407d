import { BEGIN } from '../harness/steps.js';
import { randomFrom } from '../harness/random.js';
import type { Kind } from './callers.js';
import { answer, type Answer } from './server.js';

/** A request as it was sent, and why. Times in epoch milliseconds, as the gateway sees them. */
export interface Sent extends Answer {
  readonly id: string;
  readonly address: string;
  readonly agent: string;
  readonly method: string;
  readonly path: string;
  readonly bytes: number;
  readonly startMs: number;
  readonly endMs: number;
  /** What its client would say in headers. */
  readonly attempt: number;
  readonly key: string;
  /** The request that it repeats because that failed. */
  readonly retryOf: Sent | undefined;
}

type Wanted = Pick<Sent, 'method' | 'path' | 'bytes'>;

const ALIKE: Wanted = { method: 'POST', path: '/v2/p1/instances', bytes: 320 };
const ERRAND_EVERY_MS = 15_000;
const NETWORK_MS = 4;
const PROXY_MS = 3;
const PROXY_RETRIES = new Set([502, 503, 504]);

/**
 * What callers of a kind send within some minutes, in the order in which their gateway logs it. The same seed, the same
 * traffic.
 */
export function trafficOf(kind: Kind, callers: number, minutes: number, seed: number): Sent[] {
  const random = randomFrom(seed);
  const sent = Array.from({ length: callers }, (_, i) => new Caller(kind, i, random).work(minutes * 60_000));
  return sent.flat().sort((a, b) => a.endMs - b.endMs);
}

/** A client that runs one errand after the other: a request, and what it does until that is done or given up. */
class Caller {
  private readonly sent: Sent[] = [];
  private readonly address: string;
  private readonly agent: string;
  private errands = 0;

  constructor(
    private readonly kind: Kind,
    private readonly number: number,
    private readonly random: () => number,
  ) {
    this.address = kind.looks === undefined ? `10.1.${number >> 8}.${number & 0xff}` : '10.1.0.1';
    this.agent = kind.looks === 'one address, one agent' ? 'sdk/3' : `sdk/3 app-${number}`;
  }

  work(forMs: number): Sent[] {
    const { pollsEveryMs, makesEveryMs } = this.kind;
    const polled = this.read();
    const wanted = (): Wanted =>
      pollsEveryMs !== undefined ? polled : makesEveryMs !== undefined ? ALIKE : this.wanted();
    for (let at = this.random() * ERRAND_EVERY_MS; at < forMs;) {
      const doneAt = this.run(wanted(), Math.round(BEGIN + at)) - BEGIN;
      const every = pollsEveryMs ?? makesEveryMs;
      at = every === undefined ? doneAt + this.pause() : Math.max(at + every, doneAt);
    }
    return this.sent;
  }

  /** @returns when its last answer came */
  private run(wanted: Wanted, startMs: number): number {
    this.errands++;
    let request = wanted;
    let before: Sent | undefined;
    let at = startMs;
    for (let attempt = 1, changes = 0; ; attempt++) {
      before = this.send(request, at, attempt, changes, before);
      const isDone = before.code < 400;
      const next = isDone ? undefined : this.kind.next({ ...before, isWrite: isWrite(request) }, this.random);
      if (next === undefined) return before.endMs;
      at = Math.round(before.endMs + next.waitMs) + this.network();
      if (next.longerBy === undefined) continue;
      request = { ...request, bytes: request.bytes + next.longerBy };
      before = undefined;
      attempt = 0;
      changes++;
    }
  }

  private send(
    request: Wanted,
    startMs: number,
    attempt: number,
    changes: number,
    retryOf: Sent | undefined,
  ): Sent {
    const sent = this.arrive(request, startMs, attempt, changes, retryOf);
    const isRepeated = this.kind.isBehindProxy === true && !isWrite(request) && PROXY_RETRIES.has(sent.code);
    return isRepeated ? this.arrive(request, sent.endMs + PROXY_MS, attempt, changes, sent) : sent;
  }

  private arrive(
    request: Wanted,
    startMs: number,
    attempt: number,
    changes: number,
    retryOf: Sent | undefined,
  ): Sent {
    const given = answer(startMs, isWrite(request), this.random);
    const sent: Sent = {
      ...request,
      ...given,
      id: `${this.number}-${this.sent.length}`,
      address: this.address,
      agent: this.agent,
      startMs,
      endMs: startMs + given.tookMs,
      attempt,
      key: `${this.number}-${this.errands}-${changes}`,
      retryOf,
    };
    this.sent.push(sent);
    return sent;
  }

  private wanted(): Wanted {
    const chance = this.random();
    if (chance < 0.7) return this.read();
    const bytes = 300 + Math.floor(this.random() * 60);
    return chance < 0.85
      ? { method: 'POST', path: '/v2/p1/instances', bytes }
      : { method: 'PUT', path: this.thing(), bytes };
  }

  private read(): Wanted {
    return { method: 'GET', path: this.thing(), bytes: 120 };
  }

  private thing(): string {
    return `/v2/p1/instances/i-${Math.floor(this.random() * this.kind.things)}`;
  }

  private pause(): number {
    return -Math.log(1 - this.random()) * ERRAND_EVERY_MS;
  }

  private network(): number {
    return 1 + Math.floor(this.random() * NETWORK_MS);
  }
}

export const isWrite = ({ method }: Pick<Sent, 'method'>): boolean => method !== 'GET';
