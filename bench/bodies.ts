import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Encoding } from './pipeline.js';

const LF = 0x0a;

/** Bodies as log shippers send them: so many whole lines each. */
export interface Bodies {
  readonly lines: number;
  readonly bodies: readonly Buffer[];
}

/** @param most lines that are taken from the file */
export function bodiesOf(file: string, linesPerBody: number, encoding: Encoding, most = Infinity): Bodies {
  const bytes = readFileSync(file);
  const bodies: Buffer[] = [];
  let [lines, start] = [0, 0];
  while (start < bytes.length && lines < most) {
    let [end, inBody] = [start, 0];
    while (end < bytes.length && inBody < Math.min(linesPerBody, most - lines)) {
      end = bytes.indexOf(LF, end) + 1;
      inBody++;
    }
    const body = bytes.subarray(start, end);
    bodies.push(encoding === 'gzip' ? gzipSync(body) : body);
    lines += inBody;
    start = end;
  }
  return { lines, bodies };
}
