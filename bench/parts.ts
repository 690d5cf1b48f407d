import { againstPeers } from './parts/against-peers.js';
import { batchSizes } from './parts/batch-sizes.js';
import { costBySize } from './parts/cost-by-size.js';
import { latencies } from './parts/latencies.js';
import { privacy } from './parts/privacy.js';
import { scrapes } from './parts/scrapes.js';
import { smallRequests } from './parts/small-requests.js';
import { steadyLoad } from './parts/steady-load.js';
import { workers } from './parts/workers.js';
import type { Part } from './section.js';

/** In the order of the page. */
export const PARTS = {
  peers: againstPeers,
  workers,
  batches: batchSizes,
  latency: latencies,
  small: smallRequests,
  privacy,
  size: costBySize,
  scrapes,
  steady: steadyLoad,
} satisfies Record<string, Part>;
export type PartName = keyof typeof PARTS;
