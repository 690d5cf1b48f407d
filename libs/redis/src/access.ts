/** Where Redis is, and who it is told that we are. One of `url` and `sentinel` is there. */
export interface RedisAccess {
  /** `redis://host:port/database`, `rediss://` over TLS, or `unix://` and the path of a socket. */
  readonly url?: string | undefined;
  /** Those who know which Redis is the master now. */
  readonly sentinel?: SentinelAccess | undefined;
  /** Unless the URL has its own. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: RedisTls | undefined;
}

export interface SentinelAccess {
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /** Of the master that they watch. */
  readonly name: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** In PEM. Sentinels are reached with the same. */
export interface RedisTls {
  /** Instead of the authorities that Node trusts. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** What the certificate of the server must name, where that is not the host it is reached by. */
  readonly servername?: string | undefined;
}

/** Where Redis is, for people: without names of users, passwords and options. */
export function placeOf({ url, sentinel }: RedisAccess): string {
  if (sentinel) {
    const addresses = sentinel.addresses.map(({ host, port }) => `${host}:${port}`);
    return `the master ${sentinel.name} of the sentinels ${addresses.join(', ')}`;
  }
  if (url?.startsWith('unix://')) return url;
  const { protocol, host, pathname } = new URL(url!);
  return `${protocol}//${host}${pathname}`;
}
