import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { CheckedYaml, Mistake } from '#catalogue';
import type { RedisAccess, RedisTls, SentinelAccess } from '#redis';
import { hasCredentials, redisUrl, type RedisFile } from './redis-file.js';
import { readSecret, type Surroundings } from './secret.js';

const SENTINEL_PORT = 26379;

/** @returns where Redis is, undefined if nobody says; and what is wrong with it */
export function readRedis(
  file: string,
  { value, lineOf }: CheckedYaml<{ redis: RedisFile }>,
  surroundings: Surroundings,
): { access: RedisAccess | undefined; mistakes: Mistake[] } {
  const reader = new RedisReader(value.redis, surroundings);
  const access = reader.access();
  const mistakes = reader.mistakes.map(({ setting, message }) => ({
    file,
    line: setting === undefined ? 1 : lineOf(['redis', ...setting]),
    message: setting === undefined ? message : `redis.${setting.join('.')}: ${message}`,
  }));
  return { access, mistakes };
}

type SecretName = 'username' | 'password' | 'sentinel_username' | 'sentinel_password';

/** Reads what the settings of Redis point at: the environment and files. */
class RedisReader {
  readonly mistakes: { readonly setting: readonly string[] | undefined; readonly message: string }[] = [];

  constructor(
    private readonly redis: RedisFile,
    private readonly surroundings: Surroundings,
  ) {}

  access(): RedisAccess | undefined {
    const url = this.urlOfEnvironment() ?? this.redis.url;
    if (url !== undefined)
      return {
        url,
        ...(!hasCredentials(url) && this.credentials('username', 'password')),
        ...(url.startsWith('rediss:') && { tls: this.tls() }),
      };
    const sentinel = this.sentinel();
    return sentinel && { sentinel, ...this.credentials('username', 'password'), tls: this.tls() };
  }

  /** An empty variable is one that compose files pass on without a value. */
  private urlOfEnvironment(): string | undefined {
    const url = this.surroundings.environment['STATUSLENS_REDIS_URL'] || undefined;
    const wrong = redisUrl.optional().safeParse(url).error;
    if (wrong)
      this.mistake(undefined, `the environment variable STATUSLENS_REDIS_URL ${wrong.issues[0]!.message}`);
    return wrong ? undefined : url;
  }

  private sentinel(): SentinelAccess | undefined {
    const { sentinels, name } = this.redis;
    if (!sentinels || name === undefined) return undefined;
    const addresses = sentinels.map(addressOf);
    return { addresses, name, ...this.credentials('sentinel_username', 'sentinel_password') };
  }

  private credentials(username: SecretName, password: SecretName) {
    return { username: this.secret(username), password: this.secret(password) };
  }

  private secret(setting: SecretName): string | undefined {
    const named = this.redis[setting];
    if (named === undefined) return undefined;
    const found = readSecret(named, this.surroundings);
    if (!(found instanceof Error)) return found;
    this.mistake([setting], found.message);
    return undefined;
  }

  /** What cannot be used is said now: later, no connection would ever come about. */
  private tls(): RedisTls | undefined {
    if (!this.redis.tls) return undefined;
    const [ca, cert, key] = [this.pem('ca'), this.pem('cert'), this.pem('key')];
    try {
      createSecureContext({ ca, cert, key });
    } catch (error) {
      this.mistake(['tls'], `its files cannot be used: ${(error as Error).message}`);
    }
    return { ca, cert, key, servername: this.redis.tls.server_name };
  }

  private pem(setting: 'ca' | 'cert' | 'key'): string | undefined {
    const path = this.redis.tls?.[setting];
    const { folder, files } = this.surroundings;
    const text = path === undefined ? undefined : files.text(resolve(folder, path));
    if (!(text instanceof Error)) return text;
    this.mistake(['tls', setting], `the file ${path} ${text.message}`);
    return undefined;
  }

  private mistake(setting: readonly string[] | undefined, message: string): void {
    this.mistakes.push({ setting, message });
  }
}

function addressOf(text: string): { host: string; port: number } {
  const { hostname, port } = new URL(`redis://${text}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? SENTINEL_PORT : Number(port) };
}
