import { maskSecrets, type Request, type Text } from '#access-log';
import type { Consumers } from '#verdict';
import { MOST_GROUPS, type GroupKey } from './verdict-groups.js';

/** So much of a user agent tells callers apart. */
const AGENT_LENGTH = 40;

/** Whoever comes when no more callers can be told apart. */
const NAMELESS = 'another caller';

/** A caller that the settings do not know. */
interface Stranger {
  readonly name: string;
  /** Epoch milliseconds; negative where the log tells no time. */
  firstMs: number;
}

/**
 * Who sends requests: a name of the settings where they have one, else a masked address and a number, in the order in which
 * callers came first. That tells them apart, and nobody can find out an address by it.
 */
export class Callers {
  private readonly strangers = new Map<number, Stranger>();
  private numbers: ReadonlyMap<number, number> | undefined;

  /** @param hashOf the caller of a request, 48 bits */
  constructor(
    private readonly consumers: Consumers,
    private readonly hashOf: (request: Request) => number,
  ) {}

  keyOf(request: Request): GroupKey {
    const known = this.consumers.of(request);
    if (known < this.consumers.names.length - 1) return this.consumers.names[known]!;
    const key = this.hashOf(request);
    const stranger = this.strangers.get(key);
    if (stranger === undefined) this.add(key, request);
    else if (request.timeMs < stranger.firstMs) stranger.firstMs = request.timeMs;
    return key;
  }

  /** To be called when all requests have been seen. */
  nameOf(key: GroupKey): string {
    if (typeof key === 'string') return key;
    const stranger = this.strangers.get(key);
    if (stranger === undefined) return NAMELESS;
    this.numbers ??= numbered(this.strangers);
    return `${stranger.name}#${this.numbers.get(key)!}`;
  }

  private add(key: number, request: Request): void {
    if (this.strangers.size < MOST_GROUPS)
      this.strangers.set(key, { name: maskedName(request), firstMs: request.timeMs });
  }
}

const numbered = (strangers: ReadonlyMap<number, Stranger>): Map<number, number> =>
  new Map(
    [...strangers]
      .sort(([aKey, a], [bKey, b]) => a.firstMs - b.firstMs || aKey - bKey)
      .map(([key], place) => [key, place + 1]),
  );

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
