import { BY_GATEWAY, CAUSES, NOT_LOGGED, NO_STATUS, READ, type OnEvent, type Request } from '#access-log';
import { consumersOf, type KnownConsumer } from './consumers.js';
import { ignoring, type IgnoreRules } from './ignored.js';
import type { Lens } from './lens.js';
import { readLines, readReducedLines, type Lines, type Writing } from './read-lines.js';
import type { RouteTree } from './route-tree.js';
import { Tally, type Buckets, type Counts, type Moment } from './tally.js';
import { bytesOf } from './text-match.js';
import { vendorRouter, type VendorRoute, type VendorRouter } from './vendor-router.js';
import { deviceName, type Consumers } from './who-is-hit.js';

/** How the lines of a source are to be read and judged. */
export interface Reading extends Writing {
  /** A vendor of the catalogue, or `auto`. */
  readonly vendor: string;
  /** Hosts and paths that belong to a vendor, before `vendor` is asked. */
  readonly routes?: readonly VendorRoute[];
  /** Model of the device behind the source, where the log does not tell. */
  readonly model?: string | undefined;
  /** Models by device. */
  readonly models?: ReadonlyMap<string, string>;
  readonly consumers?: readonly KnownConsumer[];
  readonly ignore?: IgnoreRules;
  /** A query without a timeout parameter means that the request had none. */
  readonly timeoutInQuery?: boolean;
}

/** Reads, judges and counts the lines of a source; made once, used for every batch. */
export class SourceReader {
  private readonly route: VendorRouter;
  readonly consumers: Consumers;
  private readonly isIgnored: ((request: Request) => boolean) | undefined;
  private readonly model: Uint8Array | undefined;
  private readonly models: ReadonlyMap<string, Uint8Array>;

  constructor(
    private readonly lens: Lens,
    private readonly reading: Reading,
  ) {
    const {
      vendor,
      routes = [],
      consumers = [],
      ignore,
      model,
      models = new Map<string, string>(),
    } = reading;
    this.route = vendorRouter(lens.catalogue, vendor, routes);
    this.consumers = consumersOf(consumers);
    this.isIgnored = ignore && ignoring(ignore);
    this.model = model === undefined ? undefined : bytesOf(model);
    this.models = new Map([...models].map(([device, name]) => [device, bytesOf(name)]));
  }

  newTally(buckets: Buckets, moment: Moment): Tally {
    return new Tally(this.lens, buckets, moment, this.consumers);
  }

  /** @param counts such as {@link newTally}; @param maxLineBytes a longer line is rejected */
  begin(counts: Counts, maxLineBytes: number): Lines {
    return readLines(this.reading, this.counting(counts), maxLineBytes);
  }

  /** The same for lines that a LineReducer made of the lines of the source. */
  beginReduced(counts: Counts): Lines {
    return readReducedLines(this.counting(counts));
  }

  private counting(counts: Counts): OnEvent {
    const { route, isIgnored } = this;
    const { judge, routes } = this.lens;
    const areRoutesNeeded = !counts.isOfVerdicts || this.models.size > 0;
    const cellOf = (request: Request): number => {
      const vendor = route(request);
      const tree = routes.tree(vendor);
      if (areRoutesNeeded) tree.match(request.path);
      this.addSettings(request, tree);
      return judge.cell(vendor, request);
    };
    return (outcome, request, bytes, start, end) => {
      if (outcome === READ) {
        if (isIgnored?.(request)) return counts.ignore();
        return counts.classify(cellOf(request), request);
      }
      if (outcome === NO_STATUS && counts.unanswered && !isIgnored?.(request)) {
        leftByClient(request);
        counts.unanswered(cellOf(request), request);
      }
      counts.pass(outcome, bytes, start, end);
    };
  }

  /** What the settings know of a request and the log does not tell. */
  private addSettings(request: Request, tree: RouteTree): void {
    if (!request.model.present) {
      const model = this.models.size > 0 ? (this.modelOf(request, tree) ?? this.model) : this.model;
      if (model !== undefined) request.model.set(model, 0, model.length);
    }
    if (this.reading.timeoutInQuery && request.timeoutParam === NOT_LOGGED && request.path.present)
      request.timeoutParam = 0;
  }

  private modelOf(request: Request, tree: RouteTree): Uint8Array | undefined {
    const device = deviceName(request, tree);
    return device === undefined ? undefined : this.models.get(device);
  }
}

const CLIENT_LEFT = 499;
const CLIENT_CLOSED = CAUSES.indexOf('client_closed');

function leftByClient(request: Request): void {
  request.code = CLIENT_LEFT;
  request.origin = BY_GATEWAY;
  request.cause = CLIENT_CLOSED;
}
