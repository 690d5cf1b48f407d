import { ABSENT, METHODS, type Request } from '#access-log';
import { OTHER, SKIP_REASONS, type SkipReason } from '#metric-names';
import {
  OPERATIONS,
  deviceName,
  isDeviceName,
  operationOf,
  type Consumers,
  type Lens,
  type RouteTree,
} from '#verdict';
import { DeviceTable } from './device-table.js';
import type { Glance } from './glance.js';
import type { GlanceWriter } from './glance-writer.js';
import { tablesOf } from './lens-tables.js';
import { MaskedPaths } from './masked-paths.js';
import { HAS_LOCATION, IS_CUT, IS_EXACT, IS_WRITE, NO_LOCATION, SHIFT } from './piece-format.js';
import { PieceWriter } from './piece-writer.js';
import { RequestKeys, isMasked } from './request-keys.js';
import { sliceOf } from './slice.js';
import { StepBytes } from './step-bytes.js';
import { ROLES, isFine } from './step.js';

/** What a batch has of a slice of time, as it is kept until the slice is judged. */
export interface Piece {
  readonly slice: number;
  /** How many requests it stands for. */
  readonly requests: number;
  readonly steps: Uint8Array;
  /** What it tells of each device. */
  readonly glances: readonly Glance[];
}

/** Clocks that agree better than this are not worth a word. */
const TOLERATED_SKEW_MS = 60_000;
/** What a longer request took is not told. */
const MOST_MS = 2 ** 31 - 1;
/** A log with another day in each line is no reason to have as many pieces as lines. */
const MOST_SLICES = 1000;
const MOST_BYTES_OF_ID = 64;
const NOTE_BYTES = 512;

const WRITE = OPERATIONS.indexOf('write');
const OTHER_ROLE = ROLES.indexOf('other');
const LOGIN = ROLES.indexOf('opens_session');
const READS_JOB = ROLES.indexOf('reads_job');
const GET = METHODS.indexOf('GET');
/** For those who need not be protected from strangers, such as one who reads a file of his own. */
const OPEN_KEY = new Uint8Array(8);

/**
 * Writes down of each request what its caller can be followed by: seven to nine bytes of one that went well, some 60 of
 * any other. The bytes hold their own words (vendors, devices, consumers), so that whoever judges them may have another
 * catalogue.
 *
 * A line that ingest has reduced (`privacy: strict`) is followed by the pseudonym of its caller, and only if nothing was
 * taken out of its path or if it has an Idempotency-Key: else different requests would look like one that is repeated.
 */
export class StepWriter {
  readonly skipped = Object.fromEntries(SKIP_REASONS.map((reason) => [reason, 0])) as Record<
    SkipReason,
    number
  >;
  private readonly keys: RequestKeys;
  private readonly tables;
  private readonly devices: DeviceTable;
  private readonly paths = new MaskedPaths();
  private readonly open = new Map<number, PieceWriter>();
  private readonly note = new StepBytes(NOTE_BYTES);
  private last: PieceWriter | undefined;

  /**
   * @param receivedAt epoch milliseconds: nothing can have ended much later
   * @param key at least eight bytes that strangers do not know; the same for all batches of a source
   */
  constructor(
    private readonly lens: Lens,
    private readonly consumers: Consumers,
    private readonly receivedAt: number,
    key: Uint8Array = OPEN_KEY,
  ) {
    this.keys = new RequestKeys(lens, key);
    this.tables = tablesOf(lens);
    this.devices = new DeviceTable(lens);
  }

  /**
   * @param cell the judgement, a cell of the catalogue
   * @param request the tree of its vendor has just matched its path
   */
  add(cell: number, request: Request): void {
    const vendor = this.lens.catalogue.vendorIdOf(cell);
    const tree = this.lens.routes.tree(vendor);
    const endMs = endOf(request);
    const why = this.whyNot(request, endMs);
    if (why !== undefined) {
      this.skipped[why]++;
      return;
    }
    const piece = this.pieceOf(sliceOf(endMs));
    if (piece === undefined) {
      this.skipped.evicted++;
      return;
    }
    const glance = piece.glance(this.devices.numberOf(request, vendor, tree));
    const role = this.tables.roles.of(vendor, tree.route, request.method);
    const isWrite = operationOf(request.method) === WRITE;
    const isPlain =
      this.tables.plainCells[cell] === 1 &&
      !isWrite &&
      role === OTHER_ROLE &&
      request.attempt <= 1 &&
      request.complete !== 0;
    const operation = request.idempotencyKey.present
      ? this.keys.keyedOperation(request, vendor, tree)
      : this.keys.operation(request, vendor, tree);
    const tookMs = Math.min(endMs - startOf(request), MOST_MS);
    if (isPlain) {
      glance.addPlain();
      if (glance.asksForRoutes) glance.addRoute(this.keys.route(request, vendor, tree));
      piece.plain(endMs, tookMs, request.attempt === 1, operation);
    } else {
      this.writeNote(piece, glance, cell, request, vendor, tree, role, isWrite);
      piece.noted(endMs, tookMs, operation, this.note.written);
    }
  }

  /** The pieces, the oldest slice first. */
  pieces(): Piece[] {
    return [...this.open.values()].sort((a, b) => a.slice - b.slice).map((piece) => this.finish(piece));
  }

  private readonly readsJob = (vendor: number, route: number): boolean =>
    this.tables.roles.of(vendor, route, GET) === READS_JOB;

  private whyNot(request: Request, endMs: number): SkipReason | undefined {
    const { client, consumer, knownConsumer, path, idempotencyKey } = request;
    if (request.timeMs < 0) return 'no_time';
    if (!client.present && !consumer.present && !knownConsumer.present) return 'no_client';
    if (!path.present || (!idempotencyKey.present && isMasked(request, path))) return 'no_path';
    return endMs > this.receivedAt + TOLERATED_SKEW_MS ? 'future' : undefined;
  }

  private pieceOf(slice: number): PieceWriter | undefined {
    if (this.last?.slice === slice) return this.last;
    let piece = this.open.get(slice);
    if (piece === undefined) {
      if (this.open.size >= MOST_SLICES) return undefined;
      piece = new PieceWriter(this.lens.catalogue, slice);
      this.open.set(slice, piece);
    }
    return (this.last = piece);
  }

  private writeNote(
    piece: PieceWriter,
    glance: GlanceWriter,
    cell: number,
    request: Request,
    vendor: number,
    tree: RouteTree,
    role: number,
    isWrite: boolean,
  ): void {
    const { keys, note } = this;
    const { catalogue } = this.lens;
    const judgement = catalogue.judgement(cell);
    const code = catalogue.code(cell);
    const caller = keys.caller(request);
    const isCut = request.complete === 0 || judgement.reason === 'client_closed';
    const location = keys.job(request, vendor, tree, this.readsJob);
    glance.addNoted(code, judgement, role === LOGIN, caller, () => keys.route(request, vendor, tree));
    note.clear();
    note.number(piece.judgement(cell));
    note.byte(
      role |
        (isWrite ? IS_WRITE : 0) |
        (request.idempotencyKey.present ? IS_EXACT : 0) |
        (isCut ? IS_CUT : 0) |
        (location >= 0 ? HAS_LOCATION : location === ABSENT ? NO_LOCATION : 0),
    );
    note.hash(caller);
    note.hash(keys.resource(request, vendor, tree));
    if (location >= 0) note.hash(location);
    piece.word(deviceOf(request, tree), note);
    piece.word(this.consumerOf(request), note);
    piece.word(METHODS[request.method] ?? '', note);
    note.number(request.retryAfter + SHIFT);
    note.number(request.attempt + SHIFT);
    if (!isWrite) return;
    const { requestId, path } = request;
    if (requestId.present)
      note.raw(requestId.bytes, requestId.start, Math.min(requestId.end, requestId.start + MOST_BYTES_OF_ID));
    else note.number(0);
    const isShown = !isFine(judgement.verdict, code);
    piece.word(isShown ? this.paths.of(path, keys.rawPath(path)) : '', note);
  }

  /** As the settings name the caller. */
  private consumerOf(request: Request): string {
    const { names } = this.consumers;
    const name = names.length > 0 ? names[this.consumers.of(request)]! : OTHER;
    return name === OTHER ? '' : name;
  }

  private finish(piece: PieceWriter): Piece {
    const { slice } = piece;
    const ofVendor = new Map<string, number>();
    const glances: Glance[] = [];
    let requests = 0;
    piece.glances.forEach((glance, number) => {
      if (glance === undefined) return;
      const { vendor: id, name: device } = this.devices.devices[number]!;
      const vendor = this.lens.catalogue.vendors[id]!;
      ofVendor.set(vendor, (ofVendor.get(vendor) ?? 0) + glance.requests);
      requests += glance.requests;
      glances.push(glance.glance({ slice, vendor, device }));
    });
    return { slice, requests, steps: piece.finish(ofVendor), glances };
  }
}

/** Epoch milliseconds. Where the log has only one time, the request began and ended then. */
const startOf = ({ startMs, timeMs }: Request): number => (startMs >= 0 ? startMs : timeMs);

function endOf(request: Request): number {
  const { timeMs, durationMicros } = request;
  const start = startOf(request);
  return Math.max(timeMs, durationMicros > 0 ? start + Math.round(durationMicros / 1000) : start);
}

function deviceOf(request: Request, tree: RouteTree): string {
  const name = deviceName(request, tree) ?? '';
  return name === '' || isDeviceName(name) ? name : OTHER;
}
