import type { Request } from '#access-log';
import { SKIP_REASONS, type SkipReason } from '#metric-names';
import { TOLERATED_SKEW_MS, isWrite, type Consumers, type Lens } from '#verdict';
import { DeviceTable } from './device-table.js';
import type { Glance } from './glance.js';
import type { GlanceWriter } from './glance-writer.js';
import { NOTHING, REFUSED, tablesOf } from './lens-tables.js';
import { NoteWriter } from './note-writer.js';
import { MOST_MS } from './piece-format.js';
import { PieceWriter } from './piece-writer.js';
import { RequestKeys, isMasked } from './request-keys.js';
import { sliceOf } from './slice.js';
import { ROLES } from './step.js';

/** What a batch has of a slice of time, as it is kept until the slice is judged. */
export interface Piece {
  readonly slice: number;
  /** How many requests it stands for. */
  readonly requests: number;
  readonly steps: Uint8Array;
  /** What it tells of each device. */
  readonly glances: readonly Glance[];
}

/** A log with another day in each line is no reason to have as many pieces as lines. */
const MOST_SLICES = 1000;

const OTHER_ROLE = ROLES.indexOf('other');
const LOGIN = ROLES.indexOf('opens_session');
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
  private readonly notes: NoteWriter;
  private readonly open = new Map<number, PieceWriter>();
  private last: PieceWriter | undefined;

  /**
   * @param receivedAt epoch milliseconds: nothing can have ended much later
   * @param key at least eight bytes that strangers do not know; the same for all batches of a source
   */
  constructor(
    private readonly lens: Lens,
    consumers: Consumers,
    private readonly receivedAt: number,
    key: Uint8Array = OPEN_KEY,
  ) {
    this.keys = new RequestKeys(lens, key);
    this.tables = tablesOf(lens);
    this.devices = new DeviceTable(lens);
    this.notes = new NoteWriter(lens, consumers, this.keys, this.devices);
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
    const piece = this.pieceAt(endMs);
    if (piece === undefined) {
      this.skipped.evicted++;
      return;
    }
    const device = this.devices.numberOf(request, vendor, tree);
    const glance = piece.glance(device);
    glance.requests++;
    const tookMs = Math.min(endMs - startOf(request), MOST_MS);
    const isKeyed = request.idempotencyKey.present;
    const role = this.tables.roles.of(vendor, tree.route, request.method);
    if (this.isPlain(cell, request, role)) {
      glance.addAsked();
      if (glance.lacksRoutes) glance.addRoute(this.keys.route(request, vendor, tree));
      const operation = isKeyed
        ? this.keys.keyedOperation(request, vendor, tree)
        : this.keys.operation(request, vendor, tree);
      piece.plain(endMs, tookMs, request.attempt === 1, operation);
    } else {
      const caller = this.keys.caller(request);
      this.addTo(glance, cell, request, role, caller);
      const resource = this.keys.resource(request, vendor, tree);
      const operation = isKeyed
        ? this.keys.keyedOperation(request, vendor, tree)
        : this.keys.operationThere(request, caller);
      piece.beginNote(endMs, tookMs, operation);
      this.notes.write(cell, request, piece, role, device, caller, resource);
      piece.endNote();
    }
  }

  /** The pieces, the oldest slice first. */
  pieces(): Piece[] {
    return [...this.open.values()].sort((a, b) => a.slice - b.slice).map((piece) => this.finish(piece));
  }

  private whyNot(request: Request, endMs: number): SkipReason | undefined {
    const { client, consumer, knownConsumer, path, idempotencyKey } = request;
    if (request.timeMs < 0) return 'no_time';
    if (!client.present && !consumer.present && !knownConsumer.present) return 'no_client';
    if (!path.present || (!idempotencyKey.present && isMasked(request, path))) return 'no_path';
    return endMs > this.receivedAt + TOLERATED_SKEW_MS ? 'future' : undefined;
  }

  private pieceAt(endMs: number): PieceWriter | undefined {
    if (this.last?.covers(endMs)) return this.last;
    const slice = sliceOf(endMs);
    let piece = this.open.get(slice);
    if (piece === undefined) {
      if (this.open.size >= MOST_SLICES) return undefined;
      piece = new PieceWriter(this.lens.catalogue, slice);
      this.open.set(slice, piece);
    }
    return (this.last = piece);
  }

  /** What the device answered, if that tells anything of it. */
  private addTo(glance: GlanceWriter, cell: number, request: Request, role: number, caller: number): void {
    const answer = this.tables.answers[cell]!;
    if (answer === NOTHING) return;
    glance.addAsked();
    const isRefused = answer === REFUSED;
    if (isRefused) glance.addRefused(caller, role === LOGIN);
    if (!glance.lacksRoutes && !(isRefused && glance.lacksRefusedRoutes)) return;
    const vendor = this.lens.catalogue.vendorIdOf(cell);
    const route = this.keys.route(request, vendor, this.lens.routes.tree(vendor));
    glance.addRoute(route);
    if (isRefused) glance.addRefusedRoute(route);
  }

  private isPlain(cell: number, { method, attempt, complete }: Request, role: number): boolean {
    return (
      this.tables.plainCells[cell] === 1 &&
      role === OTHER_ROLE &&
      !isWrite(method) &&
      attempt <= 1 &&
      complete !== 0
    );
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
