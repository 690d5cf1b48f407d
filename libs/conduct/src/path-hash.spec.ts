import { KeyedHash } from './keyed-hash.js';
import { PathHash } from './path-hash.js';

const hash = new KeyedHash(new Uint8Array(8));
const paths = new PathHash(hash);

function hashOf(path: string): number {
  const bytes = Buffer.from(`>${path}?x=1`);
  const end = bytes.length - '?x=1'.length;
  const query = bytes.indexOf('?') < end ? bytes.indexOf('?') : end;
  hash.begin();
  paths.add(bytes, 1, query > 1 && bytes[query - 1] === 0x2f ? query - 1 : query, end);
  return hash.end();
}

describe('these ask for the same', () => {
  it.each([
    ['/v2/p/instances/', '/v2/p/instances'],
    ['/v2/p/instances/?limit=1', '/v2/p/instances?limit=1'],
    ['/v2/p/instances?', '/v2/p/instances'],
    ['/a%2fb', '/a%2Fb'],
    ['/a?path=%2fetc%c3', '/a?path=%2Fetc%C3'],
    [
      '/o?X-Amz-Date=20261121T073917Z&X-Amz-Signature=12&a=1',
      '/o?X-Amz-Date=20261122T000000Z&X-Amz-Signature=34&a=1',
    ],
    ['/o?x-amz-signature=12', '/o'],
    ['/o?a=1&_=1795246757550', '/o?a=1&_=1795246757999'],
    ['/o?_dc=1&a=1', '/o?a=1'],
    ['/o?oauth_nonce=1&oauth_timestamp=2', '/o?oauth_nonce=3&oauth_timestamp=4'],
    ['/o?temp_url_sig=da39&temp_url_expires=1323479485', '/o'],
    ['/o?nonce', '/o'],
    ['/o?a=1&&b=2&', '/o?a=1&b=2'],
  ])('%s and %s', (one, other) => expect(hashOf(one)).toBe(hashOf(other)));
});

describe('these do not', () => {
  it.each([
    ['/v2/p/instances//', '/v2/p/instances'],
    ['/v2/p/instances', '/v2/p/Instances'],
    ['/a%2Fb', '/a/b'],
    ['/a/cd', '/a/CD'],
    ['/a%2fcd', '/a%2FCD'],
    ['/o?a=1&b=2', '/o?b=2&a=1'],
    ['/o?a=1', '/o?a=2'],
    ['/o?a=1', '/o?A=1'],
    ['/o?timestamp=1', '/o?timestamp=2'],
    ['/o?expires_after=1', '/o?expires_after=2'],
    ['/o?a=_&b=1', '/o?a=_&b=2'],
    ['/o?ab', '/o?a&b'],
    ['/o', '/o?a'],
    ['/ldevs/1', '/ldevs/2'],
    ['', '/a'],
  ])('%s and %s', (one, other) => expect(hashOf(one)).not.toBe(hashOf(other)));

  it('even if all of it is a percent-encoding that is longer than any before', () => {
    const path = (end: string): string => `/${'%e2'.repeat(400)}${end}`;
    expect(hashOf(path('%aa'))).toBe(hashOf(path('%AA')));
    expect(hashOf(path('%aa'))).not.toBe(hashOf(path('%ab')));
  });
});
