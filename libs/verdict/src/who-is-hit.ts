import { METHODS, OTHER_METHOD, type Request } from '#access-log';
import { VERDICTS, type Catalogue } from '#catalogue';
import { OTHER } from '#metric-names';
import { NO_ROUTE, RouteTree } from './route-tree.js';
import { verdictLabels } from './series.js';
import { NO_NUMBER, TextNumbers } from './text-numbers.js';

/** So many devices of a batch, or of a log, are told apart: more than a label may have values, and few enough to keep. */
const MOST_DEVICES = 20_000;
const MOST_QUICK_NAMES = 1024;
const MOST_BYTES_OF_QUICK_NAME = 64;

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

  /** Once it has matched the path of a request, it knows route and device until the next one. */
  tree(vendor: number): RouteTree {
    return this.trees[vendor]!;
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
  /** Those that are found without making a string of their names, and the numbers that they have as devices. */
  private readonly quickNames = new TextNumbers(MOST_QUICK_NAMES, MOST_BYTES_OF_QUICK_NAME);
  private readonly ofQuickNames: number[] = [];
  /** By the number of the device and the series. */
  private deviceCounts = new Uint32Array(0);
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
    const { device, path } = request;
    if (device.present) this.addDevice(device.bytes, device.start, device.end, series);
    else if (path.present && tree.deviceStart >= 0)
      this.addDevice(path.bytes, tree.deviceStart, tree.deviceEnd, series);
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
    for (const [i, count] of hits(this.deviceCounts)) {
      const [vendor, verdict] = verdictLabels(this.catalogue, i % this.verdictSeries);
      yield [[vendor, names[Math.floor(i / this.verdictSeries)]!, verdict], count];
    }
  }

  private addDevice(bytes: Uint8Array, start: number, end: number, series: number): void {
    const quick = this.quickNames.of(0, bytes, start, end);
    const number =
      quick === NO_NUMBER
        ? this.deviceNumber(latin1(bytes, start, end))
        : (this.ofQuickNames[quick] ??= this.deviceNumber(latin1(bytes, start, end)));
    this.deviceCounts[number * this.verdictSeries + series]!++;
  }

  private deviceNumber(name: string): number {
    const known = this.deviceNumbers.get(name);
    if (known !== undefined) return known;
    const isOther = !isDeviceName(name) || this.deviceNumbers.size >= MOST_DEVICES;
    if (isOther && name !== OTHER) return this.deviceNumber(OTHER);
    const number = this.deviceNumbers.size;
    this.deviceNumbers.set(name, number);
    this.makeRoom((number + 1) * this.verdictSeries);
    return number;
  }

  private makeRoom(places: number): void {
    if (places <= this.deviceCounts.length) return;
    const counts = new Uint32Array(Math.max(places, 2 * this.deviceCounts.length));
    counts.set(this.deviceCounts);
    this.deviceCounts = counts;
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
