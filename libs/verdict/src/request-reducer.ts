import { ABSENT, NOT_LOGGED, authorityStart, type Request, type Text } from '#access-log';
import { consumersOf } from './consumers.js';
import { judgedWords } from './judged-words.js';
import type { Lens } from './lens.js';
import { MASK, PathReducer } from './path-reducer.js';
import type { Reading } from './source-reader.js';
import type { RouteTree } from './route-tree.js';
import { bytesOf, equals, isHost, isMediaType, longestFirst, placeOf, startsWith } from './text-match.js';
import { vendorRouter, type VendorRouter } from './vendor-router.js';
import { isDeviceName } from './who-is-hit.js';

/** Gives a text that tells two others apart, such as callers, and does not tell what they are. */
export type Pseudonym = (text: Text) => Uint8Array;

/** A pattern, and what is written for whatever fits it. */
type Substitute = readonly [pattern: Uint8Array, written: Uint8Array];

/**
 * Leaves of a request what a judgement and its series rest on: numbers, words that a vendor's document or the
 * settings hold, ids of devices. The caller becomes a name of the settings or a pseudonym, an Idempotency-Key a
 * pseudonym.
 */
export class RequestReducer {
  private readonly route: VendorRouter;
  private readonly consumers;
  private readonly names: readonly Uint8Array[];
  private readonly paths: PathReducer;
  /** A path that was reduced is valid until the next one. */
  private readonly locations: PathReducer;
  private readonly hosts: readonly Substitute[];
  private readonly mediaTypes: readonly Uint8Array[];
  private readonly errorCodes: readonly Uint8Array[];
  private readonly errorCodeStarts: readonly Substitute[];
  private readonly models: readonly RegExp[];
  private readonly knownDevices: ReadonlySet<string>;

  constructor(
    private readonly lens: Lens,
    { vendor, routes = [], consumers = [], models = new Map() }: Reading,
  ) {
    const words = judgedWords(lens.catalogue, routes);
    this.route = vendorRouter(lens.catalogue, vendor, routes);
    this.consumers = consumersOf(consumers);
    this.names = consumers.map(({ name }) => bytesOf(name));
    this.paths = new PathReducer(words);
    this.locations = new PathReducer(words);
    // a name before the domains that it is in
    this.hosts = longestFirst(words.hosts)
      .map((host): Substitute => [host, isDomain(host) ? Buffer.concat([MASK, host]) : host])
      .sort(([a], [b]) => Number(isDomain(a)) - Number(isDomain(b)));
    this.mediaTypes = longestFirst(words.mediaTypes);
    this.errorCodes = longestFirst(words.errorCodes);
    this.errorCodeStarts = longestFirst(words.errorCodeStarts).map((start) => [
      start,
      Buffer.concat([start, MASK]),
    ]);
    this.models = [...words.models].map((pattern) => new RegExp(pattern, 'i'));
    this.knownDevices = new Set(models.keys());
  }

  /** @param ofCaller of users and addresses; @param ofKey of Idempotency-Keys */
  reduce(request: Request, ofCaller: Pseudonym, ofKey: Pseudonym): void {
    this.reduceCaller(request, ofCaller);
    this.reduceDeviceAndPaths(request);
    const { host, contentType, errorCode, model, idempotencyKey } = request;
    if (idempotencyKey.present) write(idempotencyKey, ofKey(idempotencyKey));
    if (host.present) write(host, this.hosts.find(([pattern]) => isHost(host, pattern))?.[1]);
    if (contentType.present)
      write(
        contentType,
        this.mediaTypes.find((type) => isMediaType(contentType, type)),
      );
    if (errorCode.present && !this.errorCodes.some((code) => equals(errorCode, code)))
      write(errorCode, this.errorCodeStarts.find(([start]) => startsWith(errorCode, start))?.[1]);
    if (model.present && !this.models.some((pattern) => pattern.test(model.toString()))) write(model);
    if (request.ifMatch.present) write(request.ifMatch);
    if (request.ifNoneMatch.present) write(request.ifNoneMatch);
  }

  /** The user counts as the caller, or else the address. */
  private reduceCaller(request: Request, pseudonym: Pseudonym): void {
    const { consumer, client, knownConsumer, userAgent } = request;
    const name = this.names[this.consumers.of(request)];
    const isUser = consumer.present;
    if (name) knownConsumer.set(name, 0, name.length);
    else knownConsumer.unset(ABSENT);
    if (isUser) write(consumer, name ? MASK : pseudonym(consumer));
    if (client.present && !isUser && !name) write(client, pseudonym(client));
    else client.unset(NOT_LOGGED);
    if (userAgent.present) write(userAgent);
    request.requestId.unset(NOT_LOGGED);
  }

  private reduceDeviceAndPaths(request: Request): void {
    const { device, path, location } = request;
    const vendor = this.route(request);
    if (device.present && !this.isShown(device.bytes, device.start, device.end)) write(device);
    const tree = this.lens.routes.tree(vendor);
    if (path.present) this.paths.reduce(path, device.present ? NO_DEVICE : this.deviceIn(path, tree));
    if (!location.present) return;
    withoutHost(location);
    this.locations.reduce(location, device.present ? NO_DEVICE : this.deviceIn(location, tree));
  }

  /** Where the id of a device begins that stays in the path, or NO_DEVICE. */
  private deviceIn(path: Text, tree: RouteTree): number {
    tree.match(path);
    const { deviceStart, deviceEnd } = tree;
    return deviceStart >= 0 && this.isShown(path.bytes, deviceStart, deviceEnd) ? deviceStart : NO_DEVICE;
  }

  /** Whether a device is told apart by its id, rather than being "other". */
  private isShown(bytes: Uint8Array, start: number, end: number): boolean {
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    return isDeviceName(name) || this.knownDevices.has(name);
  }
}

/** @param written instead of the text; without it, that there was one */
const write = (text: Text, written: Uint8Array = MASK): void => text.set(written, 0, written.length);

/** Of a URL, its path: whoever follows it asks the same gateway, or is in no log of it. */
function withoutHost(url: Text): void {
  const host = authorityStart(url.bytes, url.start, url.end);
  if (host >= 0) url.start = placeOf(SLASH, url.bytes, host, url.end);
}

const NO_DEVICE = -1;
const SLASH = 0x2f;
const DOT = 0x2e;
const isDomain = (host: Uint8Array): boolean => host[0] === DOT;
