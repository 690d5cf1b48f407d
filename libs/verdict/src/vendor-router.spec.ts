import { readFileSync, readdirSync } from 'node:fs';
import { ABSENT, Request } from '#access-log';
import { Catalogue, loadVendor, type VendorFile } from '#catalogue';
import { bytesOf } from './text-match.js';
import { vendorRouter } from './vendor-router.js';

const VENDORS = 'libs/catalogue/vendors';
const catalogue = new Catalogue(
  readdirSync(VENDORS).map(
    (name) => loadVendor(name, readFileSync(`${VENDORS}/${name}`, 'utf8')) as VendorFile,
  ),
);

/** @param host undefined where the log does not have it, null where it is absent */
function routed(host: string | null | undefined, path: string | null, vendor = 'auto'): string {
  const request = new Request();
  for (const [text, value] of [
    [request.host, host],
    [request.path, path],
  ] as const)
    if (value === null) text.unset(ABSENT);
    else if (value !== undefined) text.set(bytesOf(value), 0, bytesOf(value).length);
  return catalogue.vendors[vendorRouter(catalogue, vendor)(request)]!;
}

describe('vendor: auto', () => {
  it.each([
    ['the longer path wins', undefined, '/ConfigurationManager/simple/v1/objects/volumes', 'hitachi-hsae'],
    ['the shorter path', undefined, '/ConfigurationManager/v1/objects/ldevs?count=1', 'hitachi-opscenter-cm'],
    ['the version page', undefined, '/ConfigurationManager/configuration/version', 'hitachi-opscenter-cm'],
    ['the host, with a port', 'dcs.eu-de.otc.t-systems.com:443', '/v2/p/instances', 'otc-dcs'],
    ['the host, in capitals', 'DCS.AP-1.MyHuaweiCloud.com', '/v2/p/instances', 'huawei-cloud'],
    ['the same path on another host', 'dcs.ap-1.myhuaweicloud.com', '/v1.0/p/instances', 'huawei-cloud'],
    ['a shared path without a host is nobody’s', undefined, '/v2/p/instances', 'unknown'],
    ['a shared path on a host of nobody', 'gateway.example', '/v2/p/instances', 'unknown'],
    ['a domain that merely ends alike', 'evilmyhuaweicloud.com', '/v2/p/instances', 'unknown'],
    ['the bare domain', 'myhuaweicloud.com', '/v2/p/instances', 'unknown'],
    ['an IPv6 address', '[2001:db8::1]:8443', '/openidm/x', 'forgerock-crest'],
    ['CREST by path', undefined, '/openidm/managed/user/bjensen', 'forgerock-crest'],
    ['CREST by query', undefined, '/custom/users?_queryFilter=true', 'forgerock-crest'],
    ['CREST by a later parameter', undefined, '/custom/users?a=1&_fields=x', 'forgerock-crest'],
    ['authentication is not CREST', undefined, '/am/json/realms/root/authenticate', 'unknown'],
    ['nor with a query', undefined, '/am/json/authenticate?_action=x', 'unknown'],
    ['an underscore in a value is no parameter', undefined, '/x?a=_fields', 'unknown'],
    ['garbage in place of a request', undefined, null, 'unknown'],
  ])('%s: %s %s', (_, host, path, vendor) => {
    expect(routed(host, path)).toBe(vendor);
  });

  it('does not look at a request where the settings name the vendor', () => {
    expect(routed('dcs.ap-1.myhuaweicloud.com', '/openidm/x', 'hitachi-hsae')).toBe('hitachi-hsae');
  });
});
