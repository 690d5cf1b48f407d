import { errorCodes, type Condition } from './conditions.js';
import { compileStatus, type StatusTable } from './compile-status.js';
import { GATEWAY_CAUSES, gatewayReading } from './gateway-made.js';
import { vendorReading } from './plain-reading.js';
import { judgementOf, type Exception, type Outcome, type StatusReading } from './status-reading.js';
import type { VendorFile } from './vendor-file.js';
import { ORIGINS, UNKNOWN_VENDOR, VERDICTS, type Judgement, type Origin } from './vocabulary.js';

export const FIRST_CODE = 100;
export const LAST_CODE = 599;
const CODES = Array.from({ length: LAST_CODE - FIRST_CODE + 1 }, (_, i) => FIRST_CODE + i);

/** Indices of {@link ORIGINS}. */
export const VENDOR_MADE = ORIGINS.indexOf('vendor');
export const GATEWAY_MADE = ORIGINS.indexOf('gateway');
export const MADE_BY_UNKNOWN = ORIGINS.indexOf('unknown');

/** Where the cells of one status begin, and the conditions that choose among them. */
export interface StatusCells {
  readonly firstCell: number;
  readonly conditions: readonly Condition[];
}

/**
 * The vendors' documents as one flat table. A *cell* is an integer that stands for one judgement of one status
 * of one vendor: judging a line finds its cell, counting it increments an array at that place.
 */
export class Catalogue {
  /** Vendor names by vendor id; the last one is {@link UNKNOWN_VENDOR}. */
  readonly vendors: readonly string[];
  private readonly statuses: readonly (readonly StatusCells[])[];
  private readonly judgementOfCell: Judgement[] = [];
  private readonly vendorOfCell: number[] = [];
  private readonly codeOfCell: number[] = [];
  private readonly verdictOfCell: number[] = [];

  constructor(readonly files: readonly VendorFile[]) {
    this.vendors = [...files.map((file) => file.vendor), UNKNOWN_VENDOR];
    const madeByGateway = judgedByGateway();
    this.statuses = this.vendors.map((_, id) => this.compileVendor(id, madeByGateway));
  }

  get cellCount(): number {
    return this.judgementOfCell.length;
  }

  /** @returns the id of a vendor, or -1 */
  vendorId(name: string): number {
    return this.vendors.indexOf(name);
  }

  judgement(cell: number): Judgement {
    return this.judgementOfCell[cell]!;
  }

  vendorName(cell: number): string {
    return this.vendors[this.vendorOfCell[cell]!]!;
  }

  vendorIdOf(cell: number): number {
    return this.vendorOfCell[cell]!;
  }

  /** False for the vendor of lines that no document is known for. */
  isDocumented(vendor: string): boolean {
    return vendor !== UNKNOWN_VENDOR;
  }

  /** Whether the vendor's document has no meaning for this status: a sign that document or API has moved on. */
  isDrift(cell: number): boolean {
    return this.judgement(cell).verdict === 'undocumented' && this.isDocumented(this.vendorName(cell));
  }

  /** Index of VERDICTS. */
  verdictId(cell: number): number {
    return this.verdictOfCell[cell]!;
  }

  code(cell: number): number {
    return this.codeOfCell[cell]!;
  }

  /**
   * The cells of a status.
   * @param code 100 to 599; @param origin an index of ORIGINS
   * @param cause an index of GATEWAY_CAUSES, read only where the gateway made the status
   */
  statusCells(vendor: number, code: number, origin: number, cause: number): StatusCells {
    const table = origin === GATEWAY_MADE ? ORIGINS.length - 1 + cause : origin === VENDOR_MADE ? 0 : 1;
    return this.statuses[vendor]![table * CODES.length + code - FIRST_CODE]!;
  }

  /** Every distinct judgement that a status can get from one origin, the commonest first. */
  judgements(vendor: number, code: number, origin: number, cause = 0): Judgement[] {
    const { firstCell, conditions } = this.statusCells(vendor, code, origin, cause);
    return [...new Set(this.judgementOfCell.slice(firstCell, firstCell + 3 ** conditions.length).reverse())];
  }

  /** Tables one after the other: made by the vendor, by unknown, by the gateway for each cause. */
  private compileVendor(id: number, madeByGateway: readonly JudgedStatus[]): StatusCells[] {
    const file = this.files[id];
    const tables = CODES.map((code) => compileStatus(withApiGateway(file, code, vendorReading(file, code))));
    const documented = (['vendor', 'unknown'] as const).flatMap((origin) =>
      CODES.map((code, i) => judged(tables[i]!, code, origin)),
    );
    return [...documented, ...madeByGateway].map((status) => this.add(id, status));
  }

  private add(vendor: number, { code, conditions, judgements }: JudgedStatus): StatusCells {
    const firstCell = this.judgementOfCell.length;
    for (const judgement of judgements) {
      this.judgementOfCell.push(judgement);
      this.vendorOfCell.push(vendor);
      this.codeOfCell.push(code);
      this.verdictOfCell.push(VERDICTS.indexOf(judgement.verdict));
    }
    return { firstCell, conditions };
  }
}

/** A status with the judgement of each of its cells. */
interface JudgedStatus {
  readonly code: number;
  readonly conditions: readonly Condition[];
  readonly judgements: readonly Judgement[];
}

/** Judgements that are equal are one object. */
function judged({ conditions, cells }: StatusTable, code: number, origin: Origin): JudgedStatus {
  if (cells.length === 1) return { code, conditions, judgements: [judgementOf(cells[0]!, code, origin)] };
  const byText = new Map<string, Judgement>();
  const byOutcome = [new Map<Outcome, Judgement>(), new Map<Outcome, Judgement>()] as const;
  const judgements = cells.map((cell) => {
    const known = byOutcome[cell.conditional ? 1 : 0];
    const judgement = known.get(cell.outcome) ?? sameOf(byText, judgementOf(cell, code, origin));
    known.set(cell.outcome, judgement);
    return judgement;
  });
  return { code, conditions, judgements };
}

function sameOf(byText: Map<string, Judgement>, judgement: Judgement): Judgement {
  const text = JSON.stringify(judgement);
  const same = byText.get(text) ?? judgement;
  byText.set(text, same);
  return same;
}

/** What a gateway makes means the same in front of every vendor, so it is judged once. */
const judgedByGateway = (): JudgedStatus[] =>
  GATEWAY_CAUSES.flatMap((cause) =>
    CODES.map((code) => judged(compileStatus(gatewayReading(code, cause)), code, 'gateway')),
  );

/** A vendor's own API gateway signs its answers with error codes; those come before the status table. */
function withApiGateway(file: VendorFile | undefined, code: number, reading: StatusReading): StatusReading {
  if (!file?.gateway_error_codes || code < 400) return reading;
  const signed = { condition: errorCodes(file.gateway_error_codes), negated: false };
  const made = gatewayReading(code, 'unspecified');
  const exceptions: Exception[] = [
    ...made.exceptions,
    { literals: [], outcome: made.outcome, castsDoubt: false },
  ].map((exception) => ({ ...exception, literals: [signed, ...exception.literals], castsDoubt: false }));
  return { outcome: reading.outcome, exceptions: [...exceptions, ...reading.exceptions] };
}
