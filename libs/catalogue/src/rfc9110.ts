/**
 * What RFC 9110 and the registry it sets up say of statuses, as a hint where a vendor's document is silent.
 * https://www.iana.org/assignments/http-status-codes
 */
const HINTS: ReadonlyMap<number, string> = new Map([
  [207, 'several results in the body, each with a status of its own (RFC 4918)'],
  [208, 'members listed before in the same answer (RFC 5842)'],
  [226, 'the body is a difference to an earlier version (RFC 3229)'],
  [304, 'the stored copy is still good'],
  [307, 'temporarily at another address; repeat the same method there'],
  [308, 'permanently at another address; repeat the same method there'],
  [401, 'credentials are missing or were refused'],
  [403, 'understood, but refused'],
  [404, 'nothing there, or not to be told'],
  [405, 'the method is not supported on this resource'],
  [408, 'the request did not arrive in time; a new connection may try again'],
  [409, 'clashes with the present state of the resource'],
  [410, 'gone, probably for good'],
  [412, 'a condition of the request did not hold'],
  [413, 'the content is too large; Retry-After would mean that this is temporary'],
  [421, 'sent to a server that does not answer for this host'],
  [423, 'the resource is locked (RFC 4918)'],
  [424, 'another request that this one depends on failed (RFC 4918)'],
  [425, 'not safe to handle before the handshake is complete (RFC 8470)'],
  [428, 'the request must be conditional (RFC 6585)'],
  [429, 'too many requests in a given time (RFC 6585)'],
  [431, 'the header fields are too large (RFC 6585)'],
  [499, 'not in the registry: nginx logs it when the client closed the connection'],
  [501, 'the method is not recognised'],
  [502, 'a gateway got an invalid answer from the server behind it'],
  [503, 'unable for now, through load or maintenance'],
  [504, 'a gateway got no answer in time from the server behind it'],
  [507, 'not enough storage to complete the request (RFC 4918)'],
  [511, 'the network wants a login (RFC 6585)'],
]);

const CLASSES = [
  'an interim answer',
  'the request succeeded',
  'further action is needed to complete the request',
  'the client seems to have erred',
  'the server failed on a request that seems valid',
];

/** What RFC 9110 would make of a status; its class where the status is not registered. */
export const rfcHint = (code: number): string => HINTS.get(code) ?? CLASSES[Math.floor(code / 100) - 1]!;
