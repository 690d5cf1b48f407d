import { z } from 'zod';
import { secret } from './secret.js';

/** What `STATUSLENS_REDIS_URL` and `redis.url` must be. */
export const redisUrl = z
  .string()
  .regex(/^(rediss?|unix):\/\//, 'must begin with redis://, rediss:// or unix://')
  .refine(isAddress, 'must be an address such as redis://host:6379/0');

function isAddress(url: string): boolean {
  if (url.startsWith('unix://')) return url.length > 'unix://'.length;
  return URL.canParse(url) && new URL(url).hostname !== '' && /^\/?\d*$/.test(new URL(url).pathname);
}

const HOST_AND_PORT = /^([^\s:@/[\]]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?$/;

const file = (about: string) => z.string().min(1).optional().describe(about);

const redisShape = z.strictObject({
  url: redisUrl
    .optional()
    .describe(
      'without it and redis.sentinels, npm start runs a Redis of its own; STATUSLENS_REDIS_URL overrides both',
    ),
  sentinels: z
    .array(z.string().regex(HOST_AND_PORT, 'must be host:port'))
    .min(1)
    .optional()
    .describe('host:port of those who know which Redis is the master, instead of redis.url'),
  name: z.string().min(1).optional().describe('of the master that the sentinels watch'),
  username: secret.optional().describe('user of Redis; a secret, so that each process may have its own'),
  password: secret.optional().describe('its password, a secret; credentials in a URL come first'),
  sentinel_username: secret.optional().describe('user of the sentinels, a secret'),
  sentinel_password: secret.optional().describe('its password, a secret'),
  tls: z
    .strictObject({
      ca: file('file of the authorities to trust, in PEM, instead of the public ones'),
      cert: file('file of the certificate to present, in PEM'),
      key: file('file of its key, in PEM'),
      server_name: file('name in the certificate of the server, where it is not the host in the address'),
    })
    .optional()
    .describe('of rediss://; with redis.sentinels, {} is enough to speak TLS to them and to Redis'),
  replicas: z
    .int()
    .min(0)
    .max(16)
    .default(0)
    .describe('how many replicas must have a batch before its sender is told 202'),
  appendfsync: z
    .enum(['always', 'everysec'])
    .default('always')
    .describe('of the embedded Redis: what a power cut may lose'),
  data: z.string().default('.statuslens').describe('folder of the embedded Redis'),
});

export type RedisFile = z.infer<typeof redisShape>;

/** What contradicts itself, or that no one reads, by the setting to correct. */
const CONTRADICTIONS: readonly [keyof RedisFile, (redis: RedisFile) => unknown, string][] = [
  ['sentinels', ({ url, sentinels }) => url && sentinels, 'and redis.url both say where Redis is; keep one'],
  ['sentinels', ({ sentinels, name }) => sentinels && !name, 'needs redis.name, the master that they watch'],
  ['name', ({ sentinels, name }) => name && !sentinels, 'is read with redis.sentinels only'],
  [
    'sentinel_username',
    (redis) => redis.sentinel_username && !redis.sentinel_password,
    'needs redis.sentinel_password',
  ],
  [
    'sentinel_password',
    (redis) => redis.sentinel_password && !redis.sentinels,
    'is read with redis.sentinels only',
  ],
  ['username', ({ username, password }) => username && !password, 'needs redis.password'],
  [
    'password',
    ({ url, password }) => password && url && hasCredentials(url),
    'and redis.url both say who this is; keep one',
  ],
  ['tls', ({ url, tls }) => tls && url && !url.startsWith('rediss:'), 'is read with rediss:// only'],
  ['tls', ({ tls }) => tls && !tls.cert !== !tls.key, 'needs both cert and key, or neither'],
];

/** Where it is, who this is, and what it must promise. */
export const redisSchema = redisShape.superRefine((redis, context) => {
  for (const [setting, isWrong, message] of CONTRADICTIONS)
    if (isWrong(redis)) context.addIssue({ code: 'custom', path: [setting], message });
});

/** Whether a URL says who this is; what is no URL is told as such elsewhere. */
export const hasCredentials = (url: string): boolean =>
  !url.startsWith('unix:') &&
  URL.canParse(url) &&
  [new URL(url).username, new URL(url).password].some((part) => part !== '');
