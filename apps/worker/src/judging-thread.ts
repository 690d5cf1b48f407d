import { gunzipSync, gzipSync } from 'node:zlib';
import { parentPort } from 'node:worker_threads';
import type { ConductPolicy } from '#conduct';
import { judgeSlices, type Judged, type SliceOfPieces } from './judge-slices.js';

/** Slices of a source, and what is known of its callers. */
export interface ToJudge {
  readonly source: string;
  readonly policy: ConductPolicy;
  /** What was known after the slice before, as it was packed then; undefined at the beginning. */
  readonly state: Uint8Array | undefined;
  readonly slices: readonly SliceOfPieces[];
}

/** The same of the judgement; no state if nothing else is known than before. */
export type PackedJudged = Omit<Judged, 'state'> & { readonly state: Uint8Array | undefined };

/** Judges what it is sent, one after the other. What it throws ends it. */
parentPort!.on('message', ({ source, policy, state, slices }: ToJudge) => {
  const saved = state && unpacked(state);
  const judged = judgeSlices(source, policy, saved, slices);
  const packed = saved?.equals(judged.state) ? undefined : gzipSync(judged.state, { level: 1 });
  parentPort!.postMessage({ ...judged, state: packed } satisfies PackedJudged);
});

/** What cannot be unpacked is no state that anybody could have saved, and is treated as such. */
function unpacked(packed: Uint8Array): Buffer {
  try {
    return gunzipSync(packed);
  } catch (error) {
    return Buffer.from((error as Error).message);
  }
}
