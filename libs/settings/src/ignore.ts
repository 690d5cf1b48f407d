import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Ignore } from './settings.js';
import type { SourceFile } from './settings-file.js';

/** @returns undefined without any rule */
export function ignoreOf(rules: SourceFile['ignore']): Ignore | undefined {
  if (rules.length === 0) return undefined;
  const texts = (key: 'path' | 'user_agent' | 'address'): string[] =>
    rules.flatMap((rule) => (rule[key] === undefined ? [] : [rule[key]]));
  const addresses = texts('address');
  return {
    paths: texts('path'),
    userAgents: texts('user_agent'),
    addresses,
    hasAddress: addressMatcher(addresses),
  };
}

/** Tells whether an address is one of these or in one of these ranges; undefined without any. */
export function addressMatcher(ranges: readonly string[]): Ignore['hasAddress'] {
  if (ranges.length === 0) return undefined;
  const list = new BlockList();
  for (const range of ranges) {
    const [address, bits] = range.split('/') as [string, string | undefined];
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) =>
    isIPv4(address) ? list.check(address, 'ipv4') : isIPv6(address) && list.check(address, 'ipv6');
}
