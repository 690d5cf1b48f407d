import type { Request } from '#access-log';
import { UNKNOWN_VENDOR, type Catalogue, type Fingerprint } from '#catalogue';
import { bytesOf, hasQueryParameter, isHost, pathEndsWith, startsWithPath } from './text-match.js';

/** Tells which vendor's document a request is judged by: an id of the catalogue. */
export type VendorRouter = (request: Request) => number;

interface Mark {
  readonly vendor: number;
  readonly host: Uint8Array | undefined;
  readonly path: Uint8Array | undefined;
  readonly except: readonly Uint8Array[];
  readonly query: readonly Uint8Array[] | undefined;
}

/** A host, or `*.domain`, and a path prefix whose requests belong to a vendor. */
export interface VendorRoute {
  readonly vendor: string;
  readonly host?: string | undefined;
  readonly path?: string | undefined;
}

/**
 * Routes of the settings first, the most specific one; then the vendor of the source.
 * @param vendor a vendor of the catalogue, or `auto`: by the fingerprints of its vendor files, request by request
 */
export function vendorRouter(
  catalogue: Catalogue,
  vendor: string,
  routes: readonly VendorRoute[] = [],
): VendorRouter {
  const told = marksOf(routes.map((route) => [catalogue.vendorId(route.vendor), route]));
  const fingerprints = marksOf(
    catalogue.files.flatMap((file, id) => (file.fingerprints ?? []).map((print) => [id, print] as const)),
  );
  const rest = catalogue.vendorId(vendor === 'auto' ? UNKNOWN_VENDOR : vendor);
  const marks = vendor === 'auto' ? [...told, ...fingerprints] : told;
  return (request) => {
    for (const mark of marks) if (bears(request, mark)) return mark.vendor;
    return rest;
  };
}

const marksOf = (prints: readonly (readonly [vendor: number, print: Fingerprint])[]): Mark[] =>
  prints.map(([vendor, print]) => markOf(vendor, print)).sort(bySpecificity);

const markOf = (vendor: number, { host, path, except = [], query }: Fingerprint): Mark => ({
  vendor,
  host: host === undefined ? undefined : bytesOf(host.replace(/^\*/, '')),
  path: path === undefined ? undefined : bytesOf(path),
  except: except.map(bytesOf),
  query: query?.map((name) => bytesOf(name.toLowerCase())),
});

/** Vendors may share paths, so the host decides; then the longest path prefix; then the query. */
const bySpecificity = (a: Mark, b: Mark): number =>
  (b.host?.length ?? 0) - (a.host?.length ?? 0) || (b.path?.length ?? 0) - (a.path?.length ?? 0);

/** Without closures: they would be garbage of each line and mark. */
function bears({ host, path }: Request, { host: wanted, path: prefix, query, except }: Mark): boolean {
  if (wanted && !(host.present && isHost(host, wanted))) return false;
  if (prefix && !(path.present && startsWithPath(path, prefix))) return false;
  if (query && !(path.present && hasQueryParameter(path, query))) return false;
  for (const suffix of except) if (path.present && pathEndsWith(path, suffix)) return false;
  return true;
}
