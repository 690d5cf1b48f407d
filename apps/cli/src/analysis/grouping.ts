import type { Request } from '#access-log';
import type { Catalogue } from '#catalogue';
import { METHOD_NAMES, deviceName, type Lens } from '#verdict';
import { instant } from '../units.js';
import type { Callers } from './callers.js';
import type { GroupKey } from './verdict-groups.js';

/** What requests are grouped by. */
export interface Grouping {
  /** As the call says it, such as `5m` or `device`. */
  readonly by: string;
  /** Groups are shown in the order of their keys. */
  readonly isTime: boolean;
  /** @param request its path was just walked by its vendor's tree, as `Counts` are told */
  keyOf(cell: number, request: Request): GroupKey;
  /** A group by a text that may come from the log. */
  readonly nameOf: (key: GroupKey) => string;
}

/** What a grouping looks at. */
export interface Known {
  readonly lens: Lens;
  readonly callers: Callers;
}

type Kind = (known: Known) => Omit<Grouping, 'by' | 'isTime'>;

const NONE = -1;

const device: Kind = ({ lens: { catalogue, routes } }) => ({
  keyOf: (cell, request) => deviceName(request, routes.tree(catalogue.vendorIdOf(cell))) ?? NONE,
  nameOf: (key) => (key === NONE ? '(no device)' : String(key)),
});

const consumer: Kind = ({ callers }) => ({
  keyOf: (_, request) => callers.keyOf(request),
  nameOf: (key) => callers.nameOf(key),
});

const NO_METHOD = METHOD_NAMES.length - 1;

const route: Kind = ({ lens: { catalogue, routes } }) => ({
  keyOf: (cell, { method }) => {
    const vendor = catalogue.vendorIdOf(cell);
    const number = routes.number(vendor, routes.tree(vendor).route);
    return number * METHOD_NAMES.length + (method < 0 ? NO_METHOD : method);
  },
  nameOf: (key) => {
    const [vendor, template] = routes.label(Math.floor(Number(key) / METHOD_NAMES.length));
    const method = METHOD_NAMES[Number(key) % METHOD_NAMES.length]!;
    return template.startsWith('/') ? `${method} ${template}` : `${method} ${template} path (${vendor})`;
  },
});

const STATUSES = 1000;

const code: Kind = ({ lens: { catalogue } }) => ({
  keyOf: (cell) => catalogue.vendorIdOf(cell) * STATUSES + catalogue.code(cell),
  nameOf: (key) => `${Number(key) % STATUSES} ${vendorOf(catalogue, Number(key))}`,
});

const vendorOf = ({ vendors }: Catalogue, key: number): string => vendors[Math.floor(key / STATUSES)]!;

/** What requests can be grouped by besides time. */
export const KINDS = { device, consumer, route, code } as const satisfies Record<string, Kind>;
export type KindName = keyof typeof KINDS;

export const grouping = (by: KindName, known: Known): Grouping => ({
  by,
  isTime: false,
  ...KINDS[by](known),
});

/** Groups by stretches of time that begin at full multiples of their length. */
export const timeGrouping = (by: string, widthMs: number): Grouping => ({
  by,
  isTime: true,
  keyOf: (_, { timeMs }) => (timeMs < 0 ? NONE : Math.floor(timeMs / widthMs)),
  nameOf: (key) => (key === NONE ? '(no time)' : instant(Number(key) * widthMs)),
});
