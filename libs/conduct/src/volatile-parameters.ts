/** Parameters of a query that are another text each time the same request is sent, by who makes them so. */
const VOLATILE = {
  'https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html': [
    'X-Amz-Date',
    'X-Amz-Credential', // has the date in it
    'X-Amz-Security-Token',
    'X-Amz-Signature',
  ],
  'https://cloud.google.com/storage/docs/authentication/signatures': [
    'X-Goog-Date',
    'X-Goog-Credential',
    'X-Goog-Signature',
  ],
  'https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0011.html, and S3 before version 4': [
    'Signature',
    'Expires',
    'x-obs-security-token',
  ],
  'https://learn.microsoft.com/rest/api/storageservices/create-service-sas': ['sig'],
  'https://docs.openstack.org/swift/latest/api/temporary_url_middleware.html': [
    'temp_url_sig',
    'temp_url_expires',
  ],
  'RFC 5849, section 3.1': ['oauth_timestamp', 'oauth_nonce', 'oauth_signature'],
  'https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism': ['SignatureNonce'],
  'said by the name itself': ['nonce', 'cachebuster', 'cache_buster'],
  'https://api.jquery.com/jQuery.ajax/, cache': ['_'],
  'Ext JS, disableCachingParam': ['_dc'],
} as const;

/** Names in lower case, by their length. */
const NAMES: Uint8Array[][] = [];
for (const name of Object.values(VOLATILE).flat()) {
  const bytes = Buffer.from(name.toLowerCase());
  (NAMES[bytes.length] ??= []).push(bytes);
}

const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const TO_LOWER = 0x20;

/**
 * Whether `bytes[start, end)` is the name of such a parameter. One that merely may be, such as `timestamp`, is not: it may
 * as well ask for another point of time, and then it is another request.
 */
export function isVolatile(bytes: Uint8Array, start: number, end: number): boolean {
  const names = NAMES[end - start];
  if (names === undefined) return false;
  for (const name of names) if (isSame(bytes, start, name)) return true;
  return false;
}

function isSame(bytes: Uint8Array, start: number, lowerCase: Uint8Array): boolean {
  for (let i = 0; i < lowerCase.length; i++) {
    const byte = bytes[start + i]!;
    if ((byte >= UPPER_A && byte <= UPPER_Z ? byte | TO_LOWER : byte) !== lowerCase[i]) return false;
  }
  return true;
}
