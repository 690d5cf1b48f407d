import type { Text } from '#access-log';
import type { VendorFile } from '#catalogue';
import { bytesOf, pathEnd, sameBytes } from './text-match.js';

/** No template of the vendor has the shape of the path. */
export const NO_ROUTE = -1;

const SLASH = 0x2f;
const QUERY = 0x3f;

/**
 * The path templates of a vendor as a tree of segments: one walk tells the route and the device of a path. The tree
 * remembers what it found last, so that whoever looks at the same request need not walk again.
 */
export class RouteTree {
  /** Templates by their number. */
  readonly routes: readonly string[];
  /** The number of the template that fitted last, or NO_ROUTE. */
  route = NO_ROUTE;
  /** The end of the path that was matched last, without its query and one trailing slash. */
  pathEnd = -1;
  /** Where the device stands in the path that was matched last; the start is negative without one. */
  deviceStart = -1;
  deviceEnd = -1;
  private readonly root = new Node();

  constructor({ routes = [], device }: Pick<VendorFile, 'routes' | 'device'>) {
    this.routes = routes;
    routes.forEach((route, number) => {
      let node = this.root;
      for (const segment of route.split('/').slice(1)) node = node.child(segment, device);
      node.route = number;
    });
  }

  /** @returns the number of the template that fits, or NO_ROUTE; a device before the misfit is found all the same */
  match(path: Text): number {
    this.deviceStart = -1;
    this.pathEnd = path.start;
    this.route = path.present ? this.walk(path) : NO_ROUTE;
    return this.route;
  }

  /** Looks at each byte once, for this is done for every line. */
  private walk(path: Text): number {
    const { bytes, end } = path;
    let node: Node | undefined = this.root;
    let at = path.start;
    while (at < end && bytes[at] === SLASH && !isLast(bytes, at, end)) {
      const start = at + 1;
      const text: KnownSegment | undefined = node.textAt(bytes, start, end);
      if (text) {
        at = start + text.bytes.length;
        node = text.node;
        continue;
      }
      at = segmentEnd(bytes, start, end);
      node = at > start ? node.free : undefined;
      if (node === undefined) break;
      if (!node.isDevice) continue;
      this.deviceStart = start;
      this.deviceEnd = at;
    }
    const isWhole = at === end || bytes[at] === QUERY || (bytes[at] === SLASH && isLast(bytes, at, end));
    this.pathEnd = isWhole ? at : pathEnd(path, at);
    return isWhole && node !== undefined ? node.route : NO_ROUTE;
  }
}

/** Whether a slash is the last byte before the query. */
const isLast = (bytes: Uint8Array, slash: number, end: number): boolean =>
  slash + 1 === end || bytes[slash + 1] === QUERY;

const isEnd = (byte: number | undefined): boolean => byte === SLASH || byte === QUERY;

function segmentEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && !isEnd(bytes[at])) at++;
  return at;
}

interface KnownSegment {
  readonly bytes: Uint8Array;
  readonly node: Node;
}

/** The segments that may follow one another: known texts first, then any. */
class Node {
  route = NO_ROUTE;
  isDevice = false;
  free: Node | undefined;
  private readonly texts: KnownSegment[] = [];

  child(segment: string, device: string | undefined): Node {
    if (/^\{.*\}$/.test(segment)) {
      this.free ??= new Node();
      this.free.isDevice ||= segment === `{${device}}`;
      return this.free;
    }
    const bytes = bytesOf(segment);
    const known = this.texts.find((text) => Buffer.compare(text.bytes, bytes) === 0);
    if (known) return known.node;
    const node = new Node();
    this.texts.push({ bytes, node });
    return node;
  }

  /** The known text that is the whole segment from `start` on. */
  textAt(bytes: Uint8Array, start: number, end: number): KnownSegment | undefined {
    for (const text of this.texts) {
      const after = start + text.bytes.length;
      if (
        (after === end || (after < end && isEnd(bytes[after]))) &&
        sameBytes(bytes, start, after, text.bytes)
      )
        return text;
    }
    return undefined;
  }
}
