import { METHODS, OTHER_METHOD, type Request } from '#access-log';
import { VERDICTS, type Catalogue } from '#catalogue';
import { OTHER } from '#metric-names';
import { NO_ROUTE, RouteTree } from './route-tree.js';
import { verdictLabels } from './series.js';

/** Values of the label `method`; the last two for any other method, and for none in the log. */
export const METHOD_NAMES = [...METHODS, OTHER, 'unknown'] as const;
const NO_METHOD = OTHER_METHOD + 1;

/** What a device may be called as a label value; whatever is longer or stranger is `other`. */
const DEVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;

export const isDeviceName = (name: string): boolean => DEVICE_NAME.test(name);

/** Tells the consumer of a request: a place in a list of names, the last of which stands for everybody else. */
export interface Consumers {
  readonly names: readonly string[];
  of(request: Request): number;
}

/** The routes of all vendors, numbered through; of each vendor one more for any other path. Made once. */
export class Routes {
  private readonly trees: readonly RouteTree[];
  private readonly first: readonly number[];
  private readonly labels: (readonly [vendor: string, route: string])[] = [];

  constructor({ vendors, files }: Catalogue) {
    this.trees = vendors.map((_, vendor) => new RouteTree(files[vendor] ?? {}));
    this.first = this.trees.map(({ routes }, vendor) => {
      const first = this.labels.length;
      for (const route of [...routes, OTHER]) this.labels.push([vendors[vendor]!, route]);
      return first;
    });
  }

  get count(): number {
    return this.labels.length;
  }

  tree(vendor: number): RouteTree {
    return this.trees[vendor]!;
  }

  /** The tree of a vendor, that has just walked the path of a request: it knows route and device until the next one. */
  matched(request: Request, vendor: number): RouteTree {
    const tree = this.tree(vendor);
    tree.match(request.path);
    return tree;
  }

  /** @param route as the vendor's tree numbers it, or NO_ROUTE */
  number(vendor: number, route: number): number {
    return this.first[vendor]! + (route === NO_ROUTE ? this.tree(vendor).routes.length : route);
  }

  label(number: number): readonly [vendor: string, route: string] {
    return this.labels[number]!;
  }
}

type Entry = readonly [labels: readonly string[], count: number];

/** Of one batch: the requests by route, by device and by consumer, each by verdict. */
export class WhoIsHit {
  private readonly routeCounts: Uint32Array;
  private readonly consumerCounts: Uint32Array;
  private readonly deviceNumbers = new Map<string, number>();
  private readonly deviceCounts = new Map<number, number>();
  private readonly verdictSeries: number;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly knownRoutes: Routes,
    private readonly knownConsumers: Consumers,
  ) {
    this.verdictSeries = catalogue.vendors.length * VERDICTS.length;
    this.routeCounts = new Uint32Array(knownRoutes.count * METHOD_NAMES.length * VERDICTS.length);
    this.consumerCounts = new Uint32Array(knownConsumers.names.length * this.verdictSeries);
  }

  /**
   * @param request its path was just matched by the tree of the vendor
   * @param series of vendor and verdict; @param verdict index of VERDICTS
   */
  add(request: Request, vendor: number, verdict: number, series: number): void {
    const tree = this.knownRoutes.tree(vendor);
    const method = request.method < 0 ? NO_METHOD : request.method;
    const number = this.knownRoutes.number(vendor, tree.route);
    this.routeCounts[(number * METHOD_NAMES.length + method) * VERDICTS.length + verdict]!++;
    if (this.knownConsumers.names.length > 0)
      this.consumerCounts[this.knownConsumers.of(request) * this.verdictSeries + series]!++;
    const name = deviceName(request, tree);
    if (name !== undefined) this.addDevice(name, series);
  }

  *routes(): Generator<Entry> {
    for (const [i, count] of hits(this.routeCounts)) {
      const place = Math.floor(i / VERDICTS.length);
      const [vendor, route] = this.knownRoutes.label(Math.floor(place / METHOD_NAMES.length));
      yield [
        [vendor, METHOD_NAMES[place % METHOD_NAMES.length]!, route, VERDICTS[i % VERDICTS.length]!],
        count,
      ];
    }
  }

  *consumers(): Generator<Entry> {
    for (const [i, count] of hits(this.consumerCounts)) {
      const [vendor, verdict] = verdictLabels(this.catalogue, i % this.verdictSeries);
      yield [[vendor, this.knownConsumers.names[Math.floor(i / this.verdictSeries)]!, verdict], count];
    }
  }

  /** Names of the devices, but for those that cannot be a label value. */
  deviceNames(): string[] {
    return [...this.deviceNumbers.keys()].filter((name) => name !== OTHER);
  }

  *devices(): Generator<
    readonly [labels: readonly [vendor: string, device: string, verdict: string], count: number]
  > {
    const names = [...this.deviceNumbers.keys()];
    for (const [key, count] of this.deviceCounts) {
      const [vendor, verdict] = verdictLabels(this.catalogue, key % this.verdictSeries);
      yield [[vendor, names[Math.floor(key / this.verdictSeries)]!, verdict], count];
    }
  }

  private addDevice(name: string, series: number): void {
    let number = this.deviceNumbers.get(name);
    if (number === undefined) {
      if (!isDeviceName(name) && name !== OTHER) return this.addDevice(OTHER, series);
      number = this.deviceNumbers.size;
      this.deviceNumbers.set(name, number);
    }
    const key = number * this.verdictSeries + series;
    this.deviceCounts.set(key, (this.deviceCounts.get(key) ?? 0) + 1);
  }
}

function* hits(counts: Uint32Array): Generator<readonly [place: number, count: number]> {
  for (let i = 0; i < counts.length; i++) if (counts[i]! > 0) yield [i, counts[i]!];
}

/** The storage device of a request: as the log says, else as its path says. @param tree has just matched that path */
export function deviceName({ device, path }: Request, tree: RouteTree): string | undefined {
  if (device.present) return latin1(device.bytes, device.start, device.end);
  if (!path.present || tree.deviceStart < 0) return undefined;
  return latin1(path.bytes, tree.deviceStart, tree.deviceEnd);
}

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
