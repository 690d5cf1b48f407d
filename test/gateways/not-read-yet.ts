/**
 * Formats that statuslens cannot read yet: their gateways are started by no test until it can. A name that FORMATS
 * has must not be here, as a test sees to.
 */
export const NOT_READ_YET: readonly string[] = [];
