import { Inject, Injectable } from '@nestjs/common';
import type { Settings, Source } from '#settings';
import { LineReducer, lensOf, type Lens } from '#verdict';
import { passedThrough, type Body, type SentBody } from './body.js';
import { callerHash } from './caller-hash.js';
import type { Hold } from './inflight.js';
import { reducedBody } from './strict-body.js';
import { SETTINGS } from './tokens.js';

/** Makes of what was sent what may be stored, as the `privacy` of its source says. Every receiver comes by here. */
@Injectable()
export class StorableBodies {
  private readonly reducers = new Map<string, LineReducer>();

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {
    const strict = [...settings.sources.values()].filter(({ privacy }) => privacy === 'strict');
    if (strict.length === 0) return;
    const lens = lensOf(settings.catalogue);
    for (const source of strict) this.reducers.set(source.name, this.reducerOf(source, lens));
  }

  /** @throws Refused */
  async of(source: string, sent: SentBody, hold: Hold): Promise<Body> {
    const { ingest } = this.settings;
    const reducer = this.reducers.get(source);
    const body = reducer
      ? await reducedBody(sent, reducer, ingest, hold)
      : passedThrough(sent, ingest.max_inflated);
    hold.growTo(body.bytes.length);
    return body;
  }

  private reducerOf(source: Source, lens: Lens): LineReducer {
    return new LineReducer(lens, source, callerHash(this.settings.privacyKey!, source.name));
  }
}
