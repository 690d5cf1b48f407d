import { z } from 'zod';
import { authSchema, listenerSchema, pagesAuthSchema } from './listener-file.js';
import { monitoringSchema } from './monitoring-file.js';
import { FORMATS, FORMAT_NAMES, MAPPED_FIELDS, UNITS, type Format, type FormatName } from '#access-log';
import { receiversSchema } from './receivers-file.js';
import { redisSchema } from './redis-file.js';
import { secret } from './secret.js';
import { duration, size } from './units.js';

/**
 * The shape of statuslens.yaml. One definition gives the types, the checks at load, the defaults and, through
 * `npm run generate`, the JSON Schema with which editors complete the file.
 */

const isMapped = (name: string): boolean => {
  const format: Format | undefined = FORMATS[name as FormatName];
  return format?.isMapped === true;
};
const MAPPED_FORMATS = FORMAT_NAMES.filter(isMapped).join(', ');

const jsonPath = z
  .string()
  .regex(/^[^.\s]+(\.[^.\s]+)*$/, 'must be keys joined by dots, such as request.headers.host');

const field = z.union(
  [
    jsonPath,
    z.strictObject({ path: jsonPath, unit: z.enum(UNITS).optional() }).describe('a key and its unit'),
  ],
  `must be keys joined by dots, or { path, unit } with a unit of: ${UNITS.join(', ')}`,
);

const HOUR_MS = 3_600_000;
const MIB = 1024 ** 2;
/** No glance at a batch tells more callers of a device apart. */
const MOST_CALLERS = 100;

const labelValue = z.string().regex(/^[^|\s][^|]{0,63}$/, 'must be 1 to 64 characters without a |');

const vendorRoute = z
  .strictObject({
    vendor: z.string().describe('whose document judges these requests'),
    host: z
      .string()
      .regex(/^(\*\.)?[a-z0-9.-]+$/, 'must be a host name in lower case, or *.domain')
      .optional()
      .describe('host name without a port, or *.domain'),
    path: z.string().startsWith('/').optional().describe('path prefix; the longest that fits wins'),
  })
  .refine(({ host, path }) => host ?? path, 'must name a host or a path');

const consumer = z
  .strictObject({
    name: labelValue.describe('label value'),
    user: z.string().min(1).optional().describe('user, certificate name or gateway consumer; * for any rest'),
    user_agent: z.string().min(1).optional().describe('user agent; a final * stands for any rest'),
  })
  .refine(({ user, user_agent }) => user ?? user_agent, 'must name a user or a user_agent');

const ignoreRule = z
  .strictObject({
    path: z.string().startsWith('/').optional().describe('path without its query; * for any rest'),
    user_agent: z.string().min(1).optional().describe('user agent; a final * stands for any rest'),
    address: z
      .union(
        [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
        'must be an IP address or a range such as 10.0.0.0/8',
      )
      .optional()
      .describe('address of the client, or a range in CIDR notation'),
  })
  .refine((rule) => Object.keys(rule).length === 1, 'must be exactly one of path, user_agent and address');

const sourceShape = z.strictObject({
  vendor: z
    .string()
    .default('auto')
    .describe('whose document judges the statuses; auto tells by host and path of each request'),
  format: z
    .enum(['auto', ...FORMAT_NAMES])
    .default('auto')
    .describe('how the log lines are written'),
  fields: z
    .partialRecord(z.enum(MAPPED_FIELDS), field)
    .default({})
    .describe(`for format ${MAPPED_FORMATS}: where the fields stand in a line`),
  routes: z
    .array(vendorRoute)
    .default([])
    .describe('hosts and paths that belong to a vendor; the rest is judged as `vendor` says'),
  ignore: z
    .array(ignoreRule)
    .default([])
    .describe('requests that are no traffic of callers, such as probes; counted as ignored'),
  consumers: z
    .array(consumer)
    .default([])
    .describe('callers to tell apart in metrics; the first that fits, everybody else is "other"'),
  max_devices: z.int().min(0).max(10_000).default(200).describe('devices to tell apart; the rest is "other"'),
  model: z.string().optional().describe('device model behind this source, such as VSP G370'),
  models: z
    .record(labelValue, z.string())
    .default({})
    .describe('device models by the id of the device in the path'),
  timeout_in: z
    .literal('query')
    .optional()
    .describe('callers set a timeout in the query alone, so that a query without one has none'),
  repeats: z
    .enum(['by_key', 'by_content'])
    .default('by_key')
    .describe(
      'what tells that a batch was sent again: its Idempotency-Key, or, where it has none, its bytes; by_content only for logs in which no two lines are alike',
    ),
  heartbeat: duration(
    'alert when no line came for so long; without it silence is compared with last week',
  ).optional(),
  links: z
    .strictObject({
      logs: z
        .string()
        .regex(/^https?:\/\//, 'must begin with http:// or https://')
        .optional()
        .describe(
          'address of these lines in Loki, Kibana …; {vendor}, {code}, {from} and {to} (epoch ms) are filled in',
        ),
    })
    .prefault({}),
  labels: z
    .record(
      z.string().regex(/^[a-z_][a-z0-9_]*$/, 'must be a Prometheus label name in lower case'),
      z.string().regex(/^[^|]*$/, 'must not hold a |'),
    )
    .default({})
    .describe('labels of statuslens_source_info and of the alerts of this source'),
  privacy: z
    .enum(['pass_through', 'strict'])
    .default('pass_through')
    .describe(
      'pass_through: lines are stored as they came until they are counted; strict: ingest keeps what a judgement needs, see docs/privacy.md',
    ),
  limits: z
    .strictObject({
      max_body: size('largest request body as sent, where ingest.max_body is too much').optional(),
      max_rate: size('so many bytes a second, as sent; a request counts as 1 KiB at least').optional(),
      burst: size('so many bytes at once; without it, what max_rate gives in 10 s').optional(),
    })
    .refine(({ max_rate, burst }) => max_rate !== undefined || burst === undefined, {
      message: 'needs max_rate',
      path: ['burst'],
    })
    .refine(({ max_rate, burst, max_body }) => ![max_rate, burst, max_body].includes(0), 'must not be 0')
    .prefault({}),
  auth: authSchema.optional().describe('what senders must present; either will do where both are set'),
});

/** A mapping that no one reads, or that cannot work, is a mistake of its writer. */
const source = sourceShape.superRefine(({ format, fields }, context) => {
  const mistake = (message: string): void =>
    void context.addIssue({ code: 'custom', path: ['fields'], message });
  if (Object.keys(fields).length === 0) return;
  if (!isMapped(format)) mistake(`is not read with format ${format}; it is with ${MAPPED_FORMATS}`);
  else if (!fields.status) mistake('must say where the status is');
});

const shutdown = z
  .strictObject({
    notice: duration(
      'so long after SIGTERM ingest still takes lines while its /readyz says 503, so that load balancers leave',
    ).prefault('5s'),
    deadline: duration(
      'so long after SIGTERM everything ends, done or not; what is not done is delivered again',
    ).prefault('20s'),
  })
  .refine(
    ({ notice, deadline }) => notice < deadline,
    'must have a notice that is shorter than its deadline',
  );

export const settingsSchema = z
  .strictObject({
    redis: redisSchema.prefault({}),
    ingest: z
      .strictObject({
        listen: listenerSchema({ port: 8080, connections: 4096, requestTimeout: '5m' }),
        receivers: receiversSchema,
        names: z
          .record(z.string().min(1), z.string())
          .default({})
          .describe(
            'what senders call a source where the protocol has no path for it: index, tenant, service.name, tag …; name: source, a final * stands for any rest, and * alone takes every name that nobody knows',
          ),
        auth: pagesAuthSchema('/metrics and /readyz'),
        allow_anonymous: z
          .boolean()
          .default(false)
          .describe('sources without auth may be open to others than this machine'),
        max_body: size('largest request body as sent').prefault('16MiB'),
        max_inflated: size('largest batch after decompression').prefault('256MiB'),
        max_line: size('longest line or event').prefault('64KiB'),
        max_inflight: size(
          'bodies being read at the same time, all in all; beyond it senders are told to wait',
        ).prefault('256MiB'),
        queue: z
          .strictObject({
            max_bytes: size(
              'batches that are accepted and not counted yet, all in all; beyond it senders are told to wait',
            ).prefault('1GiB'),
            max_age: z
              .union(
                [z.literal('off'), duration('age')],
                'must be off, or a number and a unit: ms, s, m, h or d, such as 5m',
              )
              .describe('age of the oldest batch beyond which senders are told to wait, or off')
              .prefault('off'),
          })
          .prefault({}),
      })
      .prefault({}),
    worker: z
      .strictObject({
        listen: listenerSchema({ port: 9478, connections: 256, requestTimeout: '30s' }),
        auth: pagesAuthSchema('/metrics and /readyz'),
        concurrency: z.int().min(1).max(64).default(4).describe('batches at a time'),
        lock: duration('how long a batch may be silent before another worker takes it over').prefault('30s'),
      })
      .prefault({}),
    exporter: z
      .strictObject({
        listen: listenerSchema({ port: 9477, connections: 256, requestTimeout: '30s' }),
        auth: pagesAuthSchema('/metrics, /readyz and /explain'),
        state: z
          .string()
          .min(1)
          .optional()
          .describe(
            'folder of this exporter alone, for what it has shown, so that counters never go back; without it, exporter in redis.data',
          ),
      })
      .prefault({}),
    claims: z
      .strictObject({
        ttl: duration(
          'how long a sender may repeat an Idempotency-Key and still be counted once; at least 1h',
        )
          .refine((ms) => ms >= HOUR_MS, 'must be at least 1h: so long the queue may deliver a batch again')
          .prefault('96h'),
        max_bytes: size(
          'how much memory these keys may take, 88 bytes each; the oldest go first; at least 1MiB',
        )
          .refine((bytes) => bytes >= MIB, 'must be at least 1MiB')
          .prefault('1GiB'),
      })
      .prefault({}),
    dead: z
      .strictObject({
        max_age: duration('how long batches that can never be read are kept').prefault('7d'),
        max_bytes: size('how much memory they may take; the oldest go first').prefault('256MiB'),
      })
      .prefault({}),
    conduct: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .describe('whether callers are followed from request to request: retries, waits, jobs, sessions'),
        retry_window: duration(
          'a request that comes again within this time after a failure, or after the promised wait, is a retry',
        ).prefault('60s'),
        job_wait: duration('a job that nobody has asked for by then is forgotten').prefault('15m'),
        poll_interval: duration('whoever asks for a job more often asks too often').prefault('1s'),
        maintenance_callers: z
          .int()
          .min(1)
          .max(MOST_CALLERS)
          .default(3)
          .describe('a device that refuses everything to so many callers seems to be under maintenance'),
        max_operations: z
          .int()
          .min(100)
          .max(1_000_000)
          .default(50_000)
          .describe(
            'how many open operations, jobs, sessions … of a source are remembered, of each kind; the oldest are forgotten',
          ),
        max_bytes: size(
          'memory of Redis for what waits of a source until late_after is over; from half of it on the oldest is judged before, beyond it the oldest goes unjudged; at least 1MiB',
        )
          .refine((bytes) => bytes >= MIB, 'must be at least 1MiB')
          .prefault('32MiB'),
      })
      .prefault({}),
    privacy: z
      .strictObject({
        key: secret
          .optional()
          .describe(
            'for sources with privacy: strict, what their callers are hashed with; 32 characters or more, such as from: openssl rand -hex 32',
          ),
      })
      .prefault({}),
    late_after: duration(
      'older lines are counted, but as late; so long what callers did waits to be judged in the order of time',
    ).prefault('5m'),
    shutdown: shutdown.prefault({}),
    monitoring: monitoringSchema.prefault({}),
    vendors: z.array(z.string()).default([]).describe('vendor files of your own, beside the shipped ones'),
    sources: z
      .record(
        z
          .string()
          .regex(
            /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/,
            'must be 1 to 64 letters, digits, dots, hyphens and underscores',
          )
          .refine((name) => name !== 'unknown', 'is a label value that statuslens uses itself'),
        source,
      )
      .refine((sources) => Object.keys(sources).length > 0, 'must name at least one source')
      .describe('where log lines come from; each is sent to /ingest/<name>'),
  })
  .meta({ title: 'statuslens settings' });

export type SettingsFile = z.infer<typeof settingsSchema>;
export type SourceFile = z.infer<typeof source>;
