import { METHODS } from '#access-log';

/** What a request does, by its method: RFC 9110, section 9.2.1, calls GET, HEAD and OPTIONS safe. */
export const OPERATIONS = ['read', 'write', 'unknown'] as const;

const READ = 0;
const WRITE = 1;
const UNKNOWN = 2;
const SAFE = new Set<number>((['GET', 'HEAD', 'OPTIONS'] as const).map((method) => METHODS.indexOf(method)));
const OF_METHOD = Uint8Array.from(METHODS, (_, index) => (SAFE.has(index) ? READ : WRITE));

/** @param method a method index of a request, or negative; @returns an index of {@link OPERATIONS} */
export const operationOf = (method: number): number => (method < 0 ? UNKNOWN : (OF_METHOD[method] ?? WRITE));

/** Whether a request may change something. Of one without a method nothing is known. */
export const isWrite = (method: number): boolean => operationOf(method) === WRITE;
