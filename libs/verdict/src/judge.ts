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

const CODES = LAST_CODE - FIRST_CODE + 1;
/** Rows per vendor: made by the vendor, by unknown, by the gateway for each cause. */
const ROWS = 2 + GATEWAY_CAUSES.length;

/**
 * Finds the cell of a request in the catalogue: one array read, after the evidence that this status depends on
 * has been looked at. Most statuses depend on none.
 */
export class Judge {
  private readonly firstCells: Int32Array;
  private readonly evidence: (readonly Evidence[] | undefined)[] = [];
  private readonly prepared = new Map<string, Evidence>();

  constructor(catalogue: Catalogue) {
    this.firstCells = new Int32Array(catalogue.vendors.length * ROWS * CODES);
    catalogue.vendors.forEach((_, vendor) => {
      for (let row = 0; row < ROWS; row++) this.addRow(catalogue, vendor, row);
    });
  }

  /**
   * @param vendor an id of the catalogue
   * @param request its `code` is from 100 to 599
   * @returns a cell of the catalogue
   */
  cell(vendor: number, request: Request): number {
    const place = (vendor * ROWS + rowOf(request)) * CODES + request.code - FIRST_CODE;
    let cell = this.firstCells[place]!;
    const evidence = this.evidence[place];
    if (evidence === undefined) return cell;
    let stride = 1;
    for (const holds of evidence) {
      cell += holds(request) * stride;
      stride *= 3;
    }
    return cell;
  }

  private addRow(catalogue: Catalogue, vendor: number, row: number): void {
    const origin = row === 0 ? VENDOR_MADE : row === 1 ? MADE_BY_UNKNOWN : GATEWAY_MADE;
    for (let code = FIRST_CODE; code <= LAST_CODE; code++) {
      const { firstCell, conditions } = catalogue.statusCells(vendor, code, origin, Math.max(0, row - 2));
      const place = (vendor * ROWS + row) * CODES + code - FIRST_CODE;
      this.firstCells[place] = firstCell;
      this.evidence[place] = conditions.length > 0 ? conditions.map((c) => this.prepare(c)) : undefined;
    }
  }

  private prepare(condition: Condition): Evidence {
    const key = JSON.stringify(condition);
    const known = this.prepared.get(key) ?? evidenceFor(condition);
    this.prepared.set(key, known);
    return known;
  }
}

const rowOf = (request: Request): number =>
  request.origin === BY_VENDOR ? 0 : request.origin === BY_GATEWAY ? 2 + request.cause : 1;
