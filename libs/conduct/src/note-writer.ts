import { ABSENT, METHODS, type Request } from '#access-log';
import { OTHER } from '#metric-names';
import { isWrite, type Consumers, type Lens, type RouteTree } from '#verdict';
import { isNameOfDevice } from './device-name.js';
import type { DeviceTable } from './device-table.js';
import { tablesOf } from './lens-tables.js';
import { MaskedPaths } from './masked-paths.js';
import { HAS_LOCATION, IS_CUT, IS_EXACT, IS_WRITE, NO_LOCATION, SHIFT } from './piece-format.js';
import type { PieceWriter } from './piece-writer.js';
import type { RequestKeys } from './request-keys.js';
import type { StepBytes } from './step-bytes.js';

const MOST_BYTES_OF_ID = 64;
/** The number of the empty word among paths; no other has one. */
const NO_PATH = 0;

/** Writes what must be known of a request beside its operation: see piece-format.ts. */
export class NoteWriter {
  private readonly paths = new MaskedPaths();
  private readonly tables;

  constructor(
    private readonly lens: Lens,
    private readonly consumers: Consumers,
    private readonly keys: RequestKeys,
    private readonly devices: DeviceTable,
  ) {
    this.tables = tablesOf(lens);
  }

  /**
   * @param cell the judgement of the request, the path of which the tree of its vendor has just matched
   * @param into has begun a note; @param role an index of ROLES; @param device its number in the table
   * @param caller hash; @param resource hash
   */
  write(
    cell: number,
    request: Request,
    into: PieceWriter,
    role: number,
    device: number,
    caller: number,
    resource: number,
  ): void {
    const { catalogue, routes } = this.lens;
    const vendor = catalogue.vendorIdOf(cell);
    const tree = routes.tree(vendor);
    const note = into.steps;
    const location = this.keys.job(request, vendor, tree, this.tables.roles);
    note.number(into.judgement(cell));
    note.byte(role | this.flags(cell, request) | locationFlag(location));
    note.hash(caller);
    note.hash(resource);
    if (location >= 0) note.hash(location);
    this.writeDevice(device, request, tree, into);
    this.writeConsumer(request, into);
    into.wordOf(into.methods, request.method + SHIFT, METHODS[request.method] ?? '');
    note.number(request.retryAfter + SHIFT);
    note.number(request.attempt + SHIFT);
    if (isWrite(request.method)) this.writeWrite(cell, request, into);
  }

  private flags(cell: number, request: Request): number {
    const isCut = request.complete === 0 || this.tables.cutCells[cell] === 1;
    return (
      (isWrite(request.method) ? IS_WRITE : 0) |
      (request.idempotencyKey.present ? IS_EXACT : 0) |
      (isCut ? IS_CUT : 0)
    );
  }

  /** Those that the table does not tell apart are named all the same. */
  private writeDevice(number: number, request: Request, tree: RouteTree, into: PieceWriter): void {
    const { name, isRest } = this.devices.devices[number]!;
    if (!isRest) return into.wordOf(into.devices, number, name);
    const { device, path } = request;
    const { bytes } = device.present ? device : path;
    const start = device.present ? device.start : tree.deviceStart;
    const end = device.present ? device.end : tree.deviceEnd;
    if (isNameOfDevice(bytes, start, end)) into.ownWord(bytes, start, end);
    else into.word(OTHER);
  }

  /** As the settings name the caller. */
  private writeConsumer(request: Request, into: PieceWriter): void {
    const { names } = this.consumers;
    const number = names.length > 0 ? this.consumers.of(request) : 0;
    const name = names[number] ?? OTHER;
    into.wordOf(into.consumers, number, name === OTHER ? '' : name);
  }

  /** What people find a write by. */
  private writeWrite(cell: number, { requestId, path }: Request, into: PieceWriter): void {
    writeId(requestId, into.steps);
    if (this.tables.fineCells[cell] === 1) into.wordOf(into.paths, NO_PATH, '');
    else into.word(this.paths.of(path, this.keys.rawPath(path)));
  }
}

const locationFlag = (location: number): number =>
  location >= 0 ? HAS_LOCATION : location === ABSENT ? NO_LOCATION : 0;

function writeId({ present, bytes, start, end }: Request['requestId'], into: StepBytes): void {
  if (present) into.raw(bytes, start, Math.min(end, start + MOST_BYTES_OF_ID));
  else into.number(0);
}
