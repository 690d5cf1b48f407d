import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Bodies } from './bodies.js';

const LF = 0x0a;
/** Where the lines of the twin nginx-json have their times. */
const TIME = '{"time":"'.length;
const MSEC = '{"time":"2026-11-22T00:42:32+00:00","msec":"'.length;

/**
 * A log that goes on: bodies of nginx-json over and over, whose lines have all been logged just now. A log that is sent
 * again as it was is one of the past, whose callers have been judged.
 */
export class LiveLog {
  private readonly lineStarts: readonly (readonly number[])[];
  private next = 0;

  /** @param bodies not compressed; they are written over */
  constructor(private readonly bodies: Bodies) {
    this.lineStarts = bodies.bodies.map(lineStartsOf);
  }

  get linesPerBody(): number {
    return this.bodies.lines / this.bodies.bodies.length;
  }

  /** The next body, as a shipper sends it: gzip at its fastest. */
  async body(now: number): Promise<Buffer> {
    const i = this.next++ % this.bodies.bodies.length;
    const body = this.bodies.bodies[i]!;
    const time = new Date(now).toISOString().slice(0, 19);
    const msec = (now / 1000).toFixed(3);
    for (const start of this.lineStarts[i]!) {
      body.write(time, start + TIME, 'latin1');
      body.write(msec, start + MSEC, 'latin1');
    }
    return promisify(gzip)(body, { level: 1 });
  }
}

function lineStartsOf(body: Buffer): number[] {
  const starts: number[] = [];
  for (let start = 0; start < body.length; start = body.indexOf(LF, start) + 1) starts.push(start);
  return starts;
}
