import { Injectable } from '@nestjs/common';
import { LiveSettings, type Settings } from '#settings';
import { LineReducer, lensOf } from '#verdict';
import { passedThrough, type Body, type SentBody } from './body.js';
import { callerHash } from './caller-hash.js';
import { deflatedBody } from './deflated-body.js';
import type { Hold } from './inflight.js';
import { reducedBody } from './strict-body.js';

/** Makes of what was sent what may be stored, as the `privacy` of its source says. Every receiver comes by here. */
@Injectable()
export class StorableBodies {
  /** Of strict sources. */
  private reducers: ReadonlyMap<string, LineReducer>;

  constructor(private readonly settings: LiveSettings) {
    this.reducers = reducersOf(settings.now);
    settings.onChange((changed) => (this.reducers = reducersOf(changed)));
  }

  /** @throws Refused */
  async of(source: string, sent: SentBody, hold: Hold): Promise<Body> {
    const { ingest, sources } = this.settings.now;
    const reducer = this.reducers.get(source);
    if (reducer) return reducedBody(sent, reducer, ingest, hold);
    const body = await passedThrough(sent, ingest.max_inflated, hold);
    hold.growTo(body.bytes.length);
    if (sources.get(source)?.repeatsByContent) return body;
    const deflated = await deflatedBody(body);
    hold.growTo(body.bytes.length + deflated.bytes.length);
    return deflated;
  }
}

function reducersOf({ sources, catalogue, privacyKey }: Settings): ReadonlyMap<string, LineReducer> {
  const strict = [...sources.values()].filter(({ privacy }) => privacy === 'strict');
  if (strict.length === 0) return new Map();
  const lens = lensOf(catalogue);
  return new Map(
    strict.map((source) => [
      source.name,
      new LineReducer(lens, source, callerHash(privacyKey!, source.name)),
    ]),
  );
}
