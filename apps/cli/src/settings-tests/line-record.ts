import { NO_STATUS, OUTCOMES, type Request } from '#access-log';
import type { Judgement } from '#catalogue';
import type { Counts, REJECTIONS, Tally } from '#verdict';
import type { IGNORED } from './test-file.js';

/** What became of one line, under the keys by which users expect it. */
export type LineRead =
  | ({ readonly vendor: string; readonly code: number } & Omit<Judgement, 'citation'>)
  | { readonly rejected: (typeof REJECTIONS)[number] }
  | { readonly ignored: (typeof IGNORED)[number] };

/** Lets a tally count, and remembers each line. */
export class LineRecord implements Counts {
  readonly lines: LineRead[] = [];

  constructor(private readonly tally: Tally) {}

  classify(cell: number, request: Request): void {
    this.tally.classify(cell, request);
    const { catalogue } = this.tally;
    const { verdict, reason, responsible, action, basis, origin, flags } = catalogue.judgement(cell);
    const vendor = catalogue.vendorName(cell);
    const code = catalogue.code(cell);
    this.lines.push({ vendor, code, verdict, reason, responsible, action, basis, origin, flags });
  }

  ignore(): void {
    this.tally.ignore();
    this.lines.push({ ignored: 'by_rule' });
  }

  pass(outcome: number, bytes: Uint8Array, start: number, end: number): void {
    this.tally.pass(outcome, bytes, start, end);
    this.lines.push(
      outcome === NO_STATUS
        ? { ignored: 'no_status' }
        : { rejected: OUTCOMES[outcome] as (typeof REJECTIONS)[number] },
    );
  }
}
