import type { TwinFiles } from './twin-files.js';

/** What the parts of a run have in common. */
export interface Bench {
  /** For files that go with the run. */
  readonly folder: string;
  readonly files: TwinFiles;
  readonly lines: number;
  readonly rounds: number;
  /** How long the steady load lasts. */
  readonly minutes: number;
  /** Says what is being done. */
  readonly tell: (doing: string) => void;
}

/** What was aimed at, and what came of it. */
export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly isKept: boolean;
}

/** A section of docs/benchmarks.md. */
export interface Section {
  readonly text: string;
  readonly targets: readonly Target[];
}

export type Part = (bench: Bench) => Promise<Section>;
