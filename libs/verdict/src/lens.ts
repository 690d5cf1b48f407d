import type { Catalogue } from '#catalogue';
import { Judge } from './judge.js';
import { Routes } from './who-is-hit.js';

/** A catalogue made ready for judging lines; made once, used by the readers of all sources. */
export interface Lens {
  readonly catalogue: Catalogue;
  readonly judge: Judge;
  readonly routes: Routes;
}

export const lensOf = (catalogue: Catalogue): Lens => ({
  catalogue,
  judge: new Judge(catalogue),
  routes: new Routes(catalogue),
});
