import { ABSENT, METHODS, NOT_LOGGED, Text, authorityStart, type Request } from '#access-log';
import { NO_NUMBER, NO_ROUTE, TextNumbers, type Lens, type RouteTree } from '#verdict';
import { CallerHash } from './caller-hash.js';
import { KeyedHash, type Beginning } from './keyed-hash.js';
import { PathHash } from './path-hash.js';
import type { Roles } from './roles.js';

/** What a hash is of, so that no hash of one kind is one of another. */
const VENDOR = 1;
const CALLER = 2;
const RESOURCE = 3;
const OPERATION = 4;
/** Stands where the path does else: no length of one. */
const KEYED_OPERATION = -5;
const ROUTE = 6;
const RAW_PATH = 7;

/** Where requests go, if no text of its own tells: no lengths of one. */
const NOWHERE = -1;
const IN_PATH = -2;

/** So much is remembered of where requests go; all else is hashed each time, to the same. */
const MOST_PLACES = 1024;
const MOST_BYTES_OF_PLACE = 256;

/** Those of a request, and those that are no index. */
const METHOD_PLACES = METHODS.length + 3;

const SLASH = 0x2f;
const HASH_SIGN = 0x23;
const OPEN_BRACE = 0x7b;

/** What requests are told apart by: hashes that are the same in all batches and workers that have the same key. */
export class RequestKeys {
  private readonly hash: KeyedHash;
  private readonly paths: PathHash;
  private readonly callers: CallerHash;
  private readonly vendors: readonly number[];
  /** Of each vendor, where the path tells the device. */
  private readonly inPath: readonly Beginning[];
  /** Of each vendor, where nothing tells it, and no host is logged. */
  private readonly nowhere: readonly Beginning[];
  /** Devices and hosts that are logged, by vendor. */
  private readonly places = new TextNumbers(MOST_PLACES, MOST_BYTES_OF_PLACE);
  private readonly beginnings: Beginning[] = [];
  /** Hashes by route and method. */
  private readonly routes = new Map<number, number>();
  private readonly target = new Text();

  /** @param key at least eight bytes */
  constructor(
    private readonly lens: Lens,
    key: Uint8Array,
  ) {
    const hash = new KeyedHash(key);
    this.hash = hash;
    this.paths = new PathHash(hash);
    this.callers = new CallerHash(hash, CALLER);
    this.vendors = lens.catalogue.vendors.map((name) => {
      this.begin(VENDOR);
      addName(hash, name);
      return hash.end();
    });
    const beginnings = (place: number): Beginning[] =>
      this.vendors.map((_, vendor) => {
        this.beginAtVendor(vendor);
        hash.addWord(place);
        return hash.beginning();
      });
    this.inPath = beginnings(IN_PATH);
    this.nowhere = beginnings(NOWHERE);
  }

  /** Address (without its port), user and user agent, as far as they are logged. */
  caller(request: Request): number {
    return this.callers.of(request);
  }

  /**
   * Vendor, device (or host, if there is none), caller, method, path and size of the request.
   * @param tree of the vendor, has just matched the path
   */
  operation(request: Request, vendor: number, tree: RouteTree): number {
    const caller = this.caller(request);
    this.addResource(request.path, request, vendor, tree);
    return this.operationThere(request, caller);
  }

  /** The same of a request whose caller is known and whose `resource` was the last hash that was taken. */
  operationThere({ method, requestBytes }: Request, caller: number): number {
    this.hash.addWord(OPERATION | (method << 8));
    this.hash.addHash(caller);
    this.hash.addWord(requestBytes);
    return this.hash.end();
  }

  /**
   * Vendor, device (or host), user and Idempotency-Key. Neither the address nor the agent: a service that sends its request
   * again from another machine means the same operation.
   */
  keyedOperation(request: Request, vendor: number, tree: RouteTree): number {
    const { hash } = this;
    this.beginAt(request, vendor, tree);
    hash.addWord(KEYED_OPERATION);
    if (tree.deviceStart >= 0) hash.addText(request.path.bytes, tree.deviceStart, tree.deviceEnd);
    hash.addLogged(request.consumer);
    hash.addLogged(request.knownConsumer);
    hash.addLogged(request.idempotencyKey);
    return hash.end();
  }

  /** Vendor, device (or host) and path. @param tree of the vendor, has just matched the path */
  resource(request: Request, vendor: number, tree: RouteTree): number {
    return this.resourceAt(request.path, request, vendor, tree);
  }

  /**
   * What `resource` gives for a request of the job that Location names; ABSENT if it names something else, or nothing; or
   * NOT_LOGGED, which a reduced line's is, too, if not all of it is left.
   * @param tree of the vendor, has just matched the path; @param roles tell whether Location names a job
   */
  job(request: Request, vendor: number, tree: RouteTree, roles: Roles): number {
    const { location, path } = request;
    if (!location.present) return location.start;
    if (isMasked(request, location)) return NOT_LOGGED;
    const { target } = this;
    pointTo(target, location, path);
    tree.match(target);
    const job = roles.isOfJob(vendor, tree.route) ? this.resourceAt(target, request, vendor, tree) : ABSENT;
    tree.match(path);
    return job;
  }

  /** Method and template, or the path itself if none fits. @param tree of the vendor, has just matched the path */
  route(request: Request, vendor: number, tree: RouteTree): number {
    if (tree.route === NO_ROUTE)
      return this.routeOf(request.method, '', this.resource(request, vendor, tree));
    const place = this.lens.routes.number(vendor, tree.route) * METHOD_PLACES + request.method;
    let route = this.routes.get(place);
    if (route === undefined) {
      route = this.routeOf(request.method, tree.routes[tree.route]!, this.vendors[vendor]!);
      this.routes.set(place, route);
    }
    return route;
  }

  /** Of the very bytes of a path. */
  rawPath({ bytes, start, end }: Text): number {
    this.begin(RAW_PATH);
    this.hash.addText(bytes, start, end);
    return this.hash.end();
  }

  private resourceAt(path: Text, request: Request, vendor: number, tree: RouteTree): number {
    this.addResource(path, request, vendor, tree);
    return this.hash.end();
  }

  private addResource(path: Text, request: Request, vendor: number, tree: RouteTree): void {
    this.beginAt(request, vendor, tree);
    this.paths.add(path.bytes, path.start, tree.pathEnd, path.end);
  }

  /** @param of the hash of the vendor of a template, or of the resource that no template fits */
  private routeOf(method: number, template: string, of: number): number {
    this.begin(ROUTE);
    this.hash.addHash(of);
    this.hash.addWord(method);
    addName(this.hash, template);
    return this.hash.end();
  }

  /** Begins with the vendor and its device, or the host, if there is none. */
  private beginAt({ device, host }: Request, vendor: number, tree: RouteTree): void {
    if (device.present) this.beginAtPlace(device, vendor);
    else if (tree.deviceStart >= 0) this.hash.beginWith(this.inPath[vendor]!);
    else if (host.present) this.beginAtPlace(host, vendor);
    else this.hash.beginWith(this.nowhere[vendor]!);
  }

  private beginAtPlace({ bytes, start, end }: Text, vendor: number): void {
    const number = this.places.of(vendor, bytes, start, end);
    if (number !== NO_NUMBER && number < this.beginnings.length)
      return this.hash.beginWith(this.beginnings[number]!);
    this.beginAtVendor(vendor);
    this.hash.addText(bytes, start, end);
    if (number !== NO_NUMBER) this.beginnings.push(this.hash.beginning());
  }

  private beginAtVendor(vendor: number): void {
    this.begin(RESOURCE);
    this.hash.addHash(this.vendors[vendor]!);
  }

  private begin(kind: number): void {
    this.hash.begin();
    this.hash.addWord(kind);
  }
}

/**
 * Whether something of a text was taken out: a line that ingest has reduced has `{}` for it. Requests for different things
 * look the same then.
 */
export function isMasked({ knownConsumer }: Request, { bytes, start, end }: Text): boolean {
  if (knownConsumer.start === NOT_LOGGED) return false; // only reduced lines tell it
  for (let at = start; at < end; at++) if (bytes[at] === OPEN_BRACE) return true;
  return false;
}

/** RFC 9110, section 10.2.2: a URL, or what is relative to the path of the request. @param target is set to a path */
function pointTo(target: Text, location: Text, path: Text): void {
  const { bytes, start } = location;
  let end = start;
  while (end < location.end && bytes[end] !== HASH_SIGN) end++;
  const isAbsolute = bytes[start] === SLASH;
  const host = isAbsolute && bytes[start + 1] === SLASH ? start + 2 : authorityStart(bytes, start, end);
  if (host >= 0) {
    let at = host;
    while (at < end && bytes[at] !== SLASH) at++;
    target.set(bytes, at, end);
  } else if (isAbsolute) target.set(bytes, start, end);
  else {
    const resolved = resolve(location.toString(), path.toString());
    target.set(resolved, 0, resolved.length);
  }
}

const ANY_HOST = 'http://host';

function resolve(location: string, path: string): Uint8Array {
  const base = URL.canParse(path, ANY_HOST) ? new URL(path, ANY_HOST).href : ANY_HOST;
  if (!URL.canParse(location, base)) return Buffer.from(location);
  const { pathname, search } = new URL(location, base);
  return Buffer.from(pathname + search);
}

function addName(hash: KeyedHash, name: string): void {
  const bytes = Buffer.from(name);
  hash.addText(bytes, 0, bytes.length);
}
