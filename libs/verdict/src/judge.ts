import { BY_GATEWAY, BY_VENDOR, type Request } from '#access-log';
import {
  FIRST_CODE,
  GATEWAY_CAUSES,
  GATEWAY_MADE,
  LAST_CODE,
  MADE_BY_UNKNOWN,
  VENDOR_MADE,
  type Catalogue,
  type Condition,
} from '#catalogue';
import { evidenceFor, type Evidence } from './evidence.js';
import { questionsFor, type Question } from './questions.js';

const CODES = LAST_CODE - FIRST_CODE + 1;
/** Rows per vendor: made by the vendor, by unknown, by the gateway for each cause. */
const ROWS = 2 + GATEWAY_CAUSES.length;
/** In place of a cell: it depends on questions. */
const ASK = -1;

/**
 * Finds the cell of a request in the catalogue: one array read, after the evidence that this status depends on
 * has been looked at. Most statuses depend on none.
 */
export class Judge {
  private readonly cells: Int32Array;
  /** Made when a status comes for the first time: a log has few of all. */
  private readonly questions: (Question | undefined)[] = [];
  private readonly prepared = new Map<string, Evidence>();

  constructor(private readonly catalogue: Catalogue) {
    this.cells = new Int32Array(catalogue.vendors.length * ROWS * CODES);
    let place = 0;
    for (let vendor = 0; vendor < catalogue.vendors.length; vendor++)
      for (let row = 0; row < ROWS; row++)
        for (let code = FIRST_CODE; code <= LAST_CODE; code++) {
          const { firstCell, conditions } = cellsOf(catalogue, vendor, row, code);
          this.cells[place++] = conditions.length === 0 ? firstCell : ASK;
        }
  }

  /**
   * @param vendor an id of the catalogue
   * @param request its `code` is from 100 to 599
   * @returns a cell of the catalogue, of several with the same judgement always the same
   */
  cell(vendor: number, request: Request): number {
    const row = rowOf(request);
    const place = (vendor * ROWS + row) * CODES + request.code - FIRST_CODE;
    const cell = this.cells[place]!;
    return cell === ASK ? this.ask(place, vendor, row, request) : cell;
  }

  private ask(place: number, vendor: number, row: number, request: Request): number {
    let question = this.questions[place];
    if (question === undefined) {
      const first = this.questionsOf(vendor, row, request.code);
      if (typeof first === 'number') return (this.cells[place] = first);
      question = this.questions[place] = first;
    }
    for (;;) {
      const next: Question | number = question.next[question.holds(request)];
      if (typeof next === 'number') return next;
      question = next;
    }
  }

  private questionsOf(vendor: number, row: number, code: number): Question | number {
    const { catalogue } = this;
    return questionsFor(catalogue, cellsOf(catalogue, vendor, row, code), (condition) =>
      this.prepare(condition),
    );
  }

  private prepare(condition: Condition): Evidence {
    const key = JSON.stringify(condition);
    const known = this.prepared.get(key) ?? evidenceFor(condition);
    this.prepared.set(key, known);
    return known;
  }
}

function cellsOf(catalogue: Catalogue, vendor: number, row: number, code: number) {
  const origin = row === 0 ? VENDOR_MADE : row === 1 ? MADE_BY_UNKNOWN : GATEWAY_MADE;
  return catalogue.statusCells(vendor, code, origin, Math.max(0, row - 2));
}

const rowOf = (request: Request): number =>
  request.origin === BY_VENDOR ? 0 : request.origin === BY_GATEWAY ? 2 + request.cause : 1;
