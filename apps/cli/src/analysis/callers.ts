import { maskSecrets, type Request, type Text } from '#access-log';
import type { Consumers } from '#verdict';
import { MOST_GROUPS, type GroupKey } from './verdict-groups.js';

/** So much of a user agent tells callers apart. */
const AGENT_LENGTH = 40;

/** Whoever comes when no more callers can be told apart. */
const NAMELESS = 'another caller';

/**
 * Who sends requests: a name of the settings where they have one, else a masked address and the place in which the caller
 * came first. That tells callers apart, and nobody can find out an address by it.
 */
export class Callers {
  private readonly names = new Map<GroupKey, string>();

  /** @param hashOf the caller of a request, 48 bits */
  constructor(
    private readonly consumers: Consumers,
    private readonly hashOf: (request: Request) => number,
  ) {}

  keyOf(request: Request): GroupKey {
    const known = this.consumers.of(request);
    if (known < this.consumers.names.length - 1) return this.consumers.names[known]!;
    const key = this.hashOf(request);
    if (!this.names.has(key) && this.names.size < MOST_GROUPS)
      this.names.set(key, `${maskedName(request)}#${this.names.size + 1}`);
    return key;
  }

  nameOf(key: GroupKey): string {
    return typeof key === 'string' ? key : (this.names.get(key) ?? NAMELESS);
  }
}

function maskedName({ client, userAgent }: Request): string {
  const agent = maskSecrets(textOf(userAgent)).slice(0, AGENT_LENGTH);
  return [client.present ? maskedAddress(textOf(client)) : '', agent === '-' ? '' : agent]
    .filter((part) => part !== '')
    .map((part) => `${part} `)
    .join('');
}

const textOf = (text: Text): string => (text.present ? text.toString() : '');

/** The network of an address: that of IPv4 without the last number, that of IPv6 with its first three groups. */
export function maskedAddress(address: string): string {
  const [, network] = /^((?:\d{1,3}\.){3})\d{1,3}$/.exec(address) ?? [];
  if (network !== undefined) return `${network}x`;
  if (!/^[\da-f:.]+$/i.test(address) || !address.includes(':')) return '***';
  const groups = address.split('::', 1)[0]!.split(':').slice(0, 3);
  return `${groups.join(':')}::x`;
}
