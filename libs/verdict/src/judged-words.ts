import {
  FIRST_CODE,
  GATEWAY_CAUSES,
  LAST_CODE,
  ORIGINS,
  type Catalogue,
  type Condition,
  type Operation,
} from '#catalogue';
import { TIMEOUT_PARAMETER } from './evidence.js';
import type { VendorRoute } from './vendor-router.js';

/** What a request can be compared with: every word that the documents and the routes of a source hold. */
export interface JudgedWords {
  /** Whole segments of paths. */
  readonly segments: ReadonlySet<string>;
  /** Paths that begin with one, or end with one, belong to a vendor, or do not. */
  readonly pathStarts: ReadonlySet<string>;
  readonly pathEnds: ReadonlySet<string>;
  /** A path of more segments fits no template and no beginning any better than one of so many. */
  readonly depth: number;
  /** Names of query parameters, in lower case. */
  readonly parameters: ReadonlySet<string>;
  /** Names, or `.domain` for any below it. */
  readonly hosts: ReadonlySet<string>;
  readonly mediaTypes: ReadonlySet<string>;
  readonly errorCodes: ReadonlySet<string>;
  readonly errorCodeStarts: ReadonlySet<string>;
  /** Regular expressions of device models. */
  readonly models: ReadonlySet<string>;
}

/** @param routes of the settings of a source */
export function judgedWords(catalogue: Catalogue, routes: readonly VendorRoute[]): JudgedWords {
  const conditions = conditionsOf(catalogue);
  const ofKind = <K extends Condition['kind']>(kind: K): Extract<Condition, { kind: K }>[] =>
    conditions.filter((one): one is Extract<Condition, { kind: K }> => one.kind === kind);
  const fingerprints = catalogue.files.flatMap((file) => file.fingerprints ?? []);
  const prints = [...fingerprints, ...routes];
  const templates = [
    ...catalogue.files.flatMap((file) => (file.routes ?? []).map(literalsOf)),
    ...ofKind('operation').flatMap(({ operations }) => operations.map(({ path }: Operation) => path)),
  ];
  const pathStarts = setOf(prints.map(({ path }) => path));
  const codes = ofKind('error_code');
  return {
    segments: setOf(templates.flat()),
    pathStarts,
    pathEnds: new Set(fingerprints.flatMap(({ except = [] }) => except)),
    depth: 1 + Math.max(0, ...templates.map(({ length }) => length), ...[...pathStarts].map(segmentsOf)),
    parameters: new Set([
      ...(ofKind('timeout_param').length > 0 ? [TIMEOUT_PARAMETER] : []),
      ...fingerprints.flatMap(({ query = [] }) => query.map((name) => name.toLowerCase())),
    ]),
    hosts: setOf(prints.map(({ host }) => host?.replace(/^\*/, ''))),
    mediaTypes: new Set(ofKind('content_type').map(({ mediaType }) => mediaType)),
    errorCodes: new Set(codes.flatMap(({ exact }) => exact)),
    errorCodeStarts: new Set(codes.flatMap(({ prefixes }) => prefixes)),
    models: new Set(ofKind('model').map(({ pattern }) => pattern)),
  };
}

/** Every condition that a judgement may depend on. */
function conditionsOf(catalogue: Catalogue): Condition[] {
  const found = new Map<string, Condition>();
  for (let vendor = 0; vendor < catalogue.vendors.length; vendor++)
    for (let origin = 0; origin < ORIGINS.length; origin++)
      for (let cause = 0; cause < GATEWAY_CAUSES.length; cause++)
        for (let code = FIRST_CODE; code <= LAST_CODE; code++)
          for (const condition of catalogue.statusCells(vendor, code, origin, cause).conditions)
            found.set(JSON.stringify(condition), condition);
  return [...found.values()];
}

/** The segments of a route, those that are free as null. */
const literalsOf = (route: string): (string | null)[] =>
  route
    .split('/')
    .slice(1)
    .map((segment) => (/^\{.*\}$/.test(segment) ? null : segment));

const segmentsOf = (path: string): number => path.split('/').length - 1;

const setOf = (values: readonly (string | null | undefined)[]): Set<string> =>
  new Set(values.filter((value) => value !== null && value !== undefined));
