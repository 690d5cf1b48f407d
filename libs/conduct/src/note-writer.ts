import { ABSENT, METHODS, type Request } from '#access-log';
import { OTHER } from '#metric-names';
import { deviceName, isDeviceName, isWrite, type Consumers, type Lens, type RouteTree } from '#verdict';
import type { Device } from './device-table.js';
import { MaskedPaths } from './masked-paths.js';
import { HAS_LOCATION, IS_CUT, IS_EXACT, IS_WRITE, NO_LOCATION, SHIFT } from './piece-format.js';
import type { PieceWriter } from './piece-writer.js';
import type { RequestKeys } from './request-keys.js';
import type { Roles } from './roles.js';
import type { StepBytes } from './step-bytes.js';
import { isFine } from './step.js';

const MOST_BYTES_OF_ID = 64;

/** Writes what must be known of a request beside its operation: see piece-format.ts. */
export class NoteWriter {
  private readonly paths = new MaskedPaths();

  constructor(
    private readonly lens: Lens,
    private readonly consumers: Consumers,
    private readonly keys: RequestKeys,
    private readonly roles: Roles,
  ) {}

  /**
   * @param cell the judgement of the request, the path of which the tree of its vendor has just matched
   * @param into has begun a note; @param role an index of ROLES; @param caller hash
   */
  write(
    cell: number,
    request: Request,
    into: PieceWriter,
    { role, caller, device }: { role: number; caller: number; device: Device },
  ): void {
    const { catalogue, routes } = this.lens;
    const vendor = catalogue.vendorIdOf(cell);
    const tree = routes.tree(vendor);
    const note = into.steps;
    const location = this.keys.job(request, vendor, tree, this.roles);
    note.number(into.judgement(cell));
    note.byte(role | this.flags(cell, request) | locationFlag(location));
    note.hash(caller);
    note.hash(this.keys.resource(request, vendor, tree));
    if (location >= 0) note.hash(location);
    into.word(device.isRest ? nameOf(request, tree) : device.name);
    into.word(this.consumerOf(request));
    into.word(METHODS[request.method] ?? '');
    note.number(request.retryAfter + SHIFT);
    note.number(request.attempt + SHIFT);
    if (isWrite(request.method)) this.writeWrite(cell, request, into);
  }

  private flags(cell: number, request: Request): number {
    const isCut = request.complete === 0 || this.lens.catalogue.judgement(cell).reason === 'client_closed';
    return (
      (isWrite(request.method) ? IS_WRITE : 0) |
      (request.idempotencyKey.present ? IS_EXACT : 0) |
      (isCut ? IS_CUT : 0)
    );
  }

  /** What people find a write by. */
  private writeWrite(cell: number, { requestId, path }: Request, into: PieceWriter): void {
    const { catalogue } = this.lens;
    writeId(requestId, into.steps);
    const isShown = !isFine(catalogue.judgement(cell).verdict, catalogue.code(cell));
    into.word(isShown ? this.paths.of(path, this.keys.rawPath(path)) : '');
  }

  /** As the settings name the caller. */
  private consumerOf(request: Request): string {
    const { names } = this.consumers;
    const name = names.length > 0 ? names[this.consumers.of(request)]! : OTHER;
    return name === OTHER ? '' : name;
  }
}

const locationFlag = (location: number): number =>
  location >= 0 ? HAS_LOCATION : location === ABSENT ? NO_LOCATION : 0;

function writeId({ present, bytes, start, end }: Request['requestId'], into: StepBytes): void {
  if (present) into.raw(bytes, start, Math.min(end, start + MOST_BYTES_OF_ID));
  else into.number(0);
}

/** @param tree has just matched the path of the request */
function nameOf(request: Request, tree: RouteTree): string {
  const name = deviceName(request, tree)!;
  return isDeviceName(name) ? name : OTHER;
}
