import { setTimeout as pause } from 'node:timers/promises';

/** An answer, as a shipper sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Request {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** What becomes of the lines of one request. */
export interface Verdict {
  readonly delivered: readonly string[];
  readonly again: readonly string[];
  readonly dropped: readonly string[];
}

export type Ask = (request: Request) => Promise<Answer>;

/**
 * What a shipper does, as its source or its documents say: no shipper itself, since it cannot be had here. It is as
 * strict as the shipper is, and throws where the shipper would lose lines or send nothing without a word.
 */
export interface FakeShipper {
  readonly name: string;
  /** What it asks before it sends; it sends nothing unless all hold. */
  readonly asks: readonly (readonly [method: string, path: string, holds: (answer: Answer) => boolean])[];
  request(lines: readonly string[]): Request;
  /** @param ask for what it wants to know before it believes the answer */
  judge(answer: Answer, lines: readonly string[], ask: Ask): Verdict | Promise<Verdict>;
}

export interface Shipped {
  delivered: number;
  dropped: number;
  /** Requests after which it sent lines again. */
  refused: number;
}

/** Real ones wait for seconds. */
const WAIT_MS = 100;

export const deliveredAll = (lines: readonly string[]): Verdict => ({
  delivered: lines,
  again: [],
  dropped: [],
});
export const againAll = (lines: readonly string[]): Verdict => ({ delivered: [], again: lines, dropped: [] });
export const droppedAll = (lines: readonly string[]): Verdict => ({
  delivered: [],
  again: [],
  dropped: lines,
});

/** @throws Error if the shipper would send nothing after an answer */
export async function askFirst(shipper: FakeShipper, url: string): Promise<void> {
  const { headers } = shipper.request([]);
  for (const [method, path, holds] of shipper.asks)
    if (!holds(await askOf(url)({ method, path, headers })))
      throw new Error(`${shipper.name} asks ${method} ${path}, and sends nothing after that answer`);
}

/** Sends lines as a shipper would, batch by batch, until it has let go of each. @param shipped counts along */
export async function ship(
  shipper: FakeShipper,
  url: string,
  lines: readonly string[],
  batch: number,
  shipped: Shipped,
): Promise<void> {
  for (let at = 0; at < lines.length; at += batch)
    await deliver(shipper, askOf(url), lines.slice(at, at + batch), shipped);
}

const askOf =
  (url: string): Ask =>
  async ({ method = 'POST', path, headers, body }) => {
    const answer = await fetch(`${url}${path}`, { method, headers, body });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };

async function deliver(
  shipper: FakeShipper,
  ask: Ask,
  lines: readonly string[],
  shipped: Shipped,
): Promise<void> {
  for (let left = lines; left.length > 0;) {
    const { delivered, again, dropped } = await shipper.judge(await ask(shipper.request(left)), left, ask);
    shipped.delivered += delivered.length;
    shipped.dropped += dropped.length;
    left = again;
    if (left.length === 0) continue;
    shipped.refused++;
    await pause(WAIT_MS);
  }
}
