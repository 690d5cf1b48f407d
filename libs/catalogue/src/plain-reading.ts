import { TRUE, type Context } from './context.js';
import { errorCodes, holds } from './conditions.js';
import { gatewayReading, type GatewayCause } from './gateway-made.js';
import {
  citationOf,
  decide,
  judgementOf,
  readingOf,
  undocumented,
  type StatusReading,
} from './status-reading.js';
import type { VendorFile } from './vendor-file.js';
import type { Judgement, Origin } from './vocabulary.js';

/** Who made the status, as far as the log tells. */
export interface Made {
  readonly origin: Origin;
  readonly cause?: GatewayCause;
}

/**
 * Judges one status by reading the vendor's file rule by rule. This is the reference: examples in vendor
 * files run through it, and the compiled table must agree with it.
 * @param file the vendor, or undefined where none is known
 */
export function readPlainly(
  file: VendorFile | undefined,
  code: number,
  context: Context,
  { origin, cause = 'unspecified' }: Made = { origin: 'unknown' },
): Judgement {
  const madeByApiGateway =
    file?.gateway_error_codes !== undefined &&
    code >= 400 &&
    holds(errorCodes(file.gateway_error_codes), context) === TRUE;
  const reading =
    origin === 'gateway' || madeByApiGateway
      ? gatewayReading(code, origin === 'gateway' ? cause : 'unspecified')
      : vendorReading(file, code);
  return judgementOf(
    decide(reading, (condition) => holds(condition, context)),
    code,
    origin,
  );
}

/** What the vendor's document says of a status; undocumented where it says nothing. */
export function vendorReading(file: VendorFile | undefined, code: number): StatusReading {
  if (!file)
    return {
      outcome: undocumented('no document: neither host nor path names a known vendor'),
      exceptions: [],
    };
  const entry = file.statuses[String(code)];
  if (entry) return readingOf(file, String(code), entry);
  return { outcome: undocumented(`${citationOf(file, String(code))}: not listed`), exceptions: [] };
}
