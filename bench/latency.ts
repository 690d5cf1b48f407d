import { setTimeout as pause } from 'node:timers/promises';
import type { Pipeline } from './pipeline.js';
import { linesOn } from './pipeline.js';
import { percentile } from './median.js';
import type { Bodies } from './bodies.js';

/** How long it took, in milliseconds, from the moment that a body was sent until /metrics showed its lines. */
export interface Latency {
  readonly offered: number;
  /** Lines a second that were sent. */
  readonly sent: number;
  readonly p50: number;
  readonly p99: number;
}

/** Between two looks at /metrics, each of which takes the processors some milliseconds. */
const LOOK_MS = 50;
/** At the same rate, and not measured: the work before is still written to the disk, and its garbage collected. */
const SETTLING_SECONDS = 5;

/**
 * Sends at a steady rate, whether the lines before are counted yet or not, and looks at /metrics all the time. A source's
 * lines are counted in no certain order, so a line is taken to be visible when as many are as had been sent with it.
 */
export async function latencyAt(
  pipeline: Pipeline,
  source: string,
  { lines, bodies }: Bodies,
  offered: number,
  seconds: number,
): Promise<Latency> {
  const linesPerBody = lines / bodies.length;
  const known = await pipeline.visible(source);
  const settling = Math.floor((offered * SETTLING_SECONDS) / linesPerBody);
  const count = settling + Math.floor((offered * seconds) / linesPerBody);
  const everyMs = (1000 * linesPerBody) / offered;
  const sentAt: number[] = [];
  const waits: number[] = [];
  const start = performance.now();
  const sending: Promise<void>[] = [];
  const sender = async (): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const wait = start + i * everyMs - performance.now();
      if (wait > 1) await pause(wait);
      sentAt.push(performance.now());
      sending.push(pipeline.send(source, bodies[i % bodies.length]!, 'gzip'));
    }
    await Promise.all(sending);
  };
  const watcher = async (): Promise<void> => {
    while (waits.length < count) {
      const page = await pipeline.page();
      const now = performance.now();
      const visible = Math.floor((linesOn(page, source) - known) / linesPerBody);
      while (waits.length < visible) waits.push(now - sentAt[waits.length]!);
      await pause(LOOK_MS);
    }
  };
  await Promise.all([sender(), watcher()]);
  const measured = waits.slice(settling);
  const tookSeconds = (sentAt.at(-1)! - sentAt[settling]!) / 1000;
  return {
    offered,
    sent: Math.round((measured.length * linesPerBody) / tookSeconds),
    p50: percentile(measured, 50),
    p99: percentile(measured, 99),
  };
}
