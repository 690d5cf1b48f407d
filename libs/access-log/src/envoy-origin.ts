import * as bytesOf from './ascii.js';
import { ascii } from './ascii.js';
import {
  CLIENT_CLOSED,
  THROTTLED,
  UNSPECIFIED,
  UPSTREAM_TIMEOUT,
  UPSTREAM_UNREACHABLE,
  byGateway,
  causeWithoutUpstream,
} from './gateway-cause.js';
import { ABSENT, BY_VENDOR, NOT_LOGGED, type Request } from './request.js';

const { COMMA, UPPER_A, UPPER_Z } = bytesOf; // V8 folds a module's own constants, not imported ones

/** What the flags of a line tell, as bits. */
const CLIENT_LEFT = 1;
const LIMITED = 2;
const TIMED_OUT = 4;
const UNREACHABLE = 8;
const RETRIES_USED_UP = 16;
const OWN = 32;
const SILENT = TIMED_OUT | UNREACHABLE | RETRIES_USED_UP;

/** `%RESPONSE_FLAGS%`; DI delays an answer and does not make it, as flags of extensions may not. */
const MEANINGS: Readonly<Record<string, number>> = {
  DC: CLIENT_LEFT,
  RL: LIMITED,
  RLSE: LIMITED,
  UT: TIMED_OUT,
  UMSDR: TIMED_OUT,
  UF: UNREACHABLE,
  UH: UNREACHABLE,
  UC: UNREACHABLE,
  UR: UNREACHABLE,
  UPE: UNREACHABLE,
  URX: RETRIES_USED_UP,
  ...Object.fromEntries(
    'NR NC UO OM DO LH LR FI UAEX IH SI DPE DF DT RFCF NFCF'.split(' ').map((flag) => [flag, OWN]),
  ),
};

/** Five bits a letter: a flag of up to five capital letters is one small integer. */
const BITS = 5;
const LONGEST = 5;
const MEANING_OF = new Map(
  Object.entries(MEANINGS).map(([flag, meaning]) => [flagKey(ascii(flag), 0, flag.length), meaning]),
);

/** The bits of a list of flags, `UF,URX`; 0 of `-` and of flags that say nothing about who answered. */
export function flagBits(bytes: Uint8Array, start: number, end: number): number {
  let bits = 0;
  let from = start;
  for (let i = start; i <= end; i++) {
    if (i < end && bytes[i] !== COMMA) continue;
    bits |= MEANING_OF.get(flagKey(bytes, from, i)) ?? 0;
    from = i + 1;
  }
  return bits;
}

function flagKey(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > LONGEST) return 0;
  let key = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte < UPPER_A || byte > UPPER_Z) return 0;
    key = (key << BITS) | (byte - UPPER_A + 1);
  }
  return key;
}

/**
 * Sets origin, cause and completeness.
 * @param flags of {@link flagBits}, or NOT_LOGGED
 * @param upstream 0 if a host was chosen, else ABSENT or NOT_LOGGED
 * @param details 1 if `%RESPONSE_CODE_DETAILS%` says that the upstream set the code, 0 if it says another thing, or
 *   NOT_LOGGED
 */
export function readEnvoyOrigin(flags: number, upstream: number, details: number, request: Request): void {
  const bits = Math.max(flags, 0);
  const isCut = isCutAnswer(bits, upstream, request.code);
  if (flags !== NOT_LOGGED) request.complete = isCut || (bits & CLIENT_LEFT) !== 0 ? 0 : 1;
  if (details === 1 || isCut) request.origin = BY_VENDOR;
  else if (bits !== 0) byGateway(request, causeOf(bits, request.code));
  else if (details === 0 || (flags !== NOT_LOGGED && upstream === ABSENT)) {
    byGateway(request, causeWithoutUpstream(request.code));
  } else if (flags !== NOT_LOGGED && upstream !== NOT_LOGGED) request.origin = BY_VENDOR;
}

/**
 * The headers of the upstream had gone out when the client left or the upstream fell silent. Envoy's own answer to
 * silence is a 5xx, and to a client that left no status, or 499.
 */
function isCutAnswer(bits: number, upstream: number, code: number): boolean {
  if (upstream !== 0 || (bits & (OWN | LIMITED)) !== 0) return false;
  if ((bits & SILENT) !== 0) return code < 500 && code !== 408 && code !== 499;
  return (bits & CLIENT_LEFT) !== 0 && code !== 499;
}

function causeOf(bits: number, code: number): number {
  if (code < 400) return UNSPECIFIED;
  if ((bits & CLIENT_LEFT) !== 0) return CLIENT_CLOSED;
  if ((bits & LIMITED) !== 0) return THROTTLED;
  if ((bits & TIMED_OUT) !== 0) return UPSTREAM_TIMEOUT;
  if ((bits & SILENT) !== 0) return UPSTREAM_UNREACHABLE;
  return code === 504 ? UPSTREAM_TIMEOUT : causeWithoutUpstream(code);
}
