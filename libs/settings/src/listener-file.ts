import { z } from 'zod';
import { SECRET_FORMS } from './secret.js';
import { duration } from './units.js';

/** Secrets of 128 random bits need no slow hash: nobody tries 2^128 of them. Passwords that people choose do. */
const HASHABLE_FORMS = 'a text, { env: NAME }, { file: PATH }, { sha256: HEX } or { scrypt: TEXT }';

const secret = z.union(
  [
    ...SECRET_FORMS,
    z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits') }),
    z.strictObject({
      scrypt: z
        .string()
        .regex(
          /^\$scrypt\$ln=\d{1,2},r=\d{1,2},p=\d{1,2}\$[\w+/]+\$[\w+/]+$/,
          'must be $scrypt$ln=…,r=…,p=…$salt$hash, as statuslens token --password prints it',
        ),
    }),
  ],
  `must be ${HASHABLE_FORMS}, or a list of them; statuslens token writes hashes`,
);

const secrets = z
  .union(
    [secret, z.array(secret).min(1)],
    `must be ${HASHABLE_FORMS}, or a list of them; statuslens token writes hashes`,
  )
  .transform((one) => (Array.isArray(one) ? one : [one]))
  .describe(
    'the secret, or { env: NAME } or { file: PATH } that holds it, or its hash as statuslens token prints it: ' +
      '{ sha256: … } or { scrypt: … }; or a list of them, any of which will do',
  );

export const authSchema = z.strictObject({
  bearer: secrets.optional(),
  basic: z.strictObject({ username: z.string().min(1), password: secrets }).optional(),
});

/** `auth:` of a listener. */
export const pagesAuthSchema = (pages: string) =>
  authSchema.optional().describe(`what readers of ${pages} must present; /healthz is open to all`);

const tlsFields = z
  .strictObject({
    cert: z
      .string()
      .min(1)
      .describe('file of the certificate and its chain, PEM; read again when it changes'),
    key: z.string().min(1).describe('file of its key, PEM; read again when it changes'),
    ca: z
      .string()
      .min(1)
      .optional()
      .describe('file of the authorities that sign client certificates; with it, clients need one'),
    client: z
      .enum(['require', 'verify_if_given'])
      .default('require')
      .describe('with ca: whether clients may leave their certificate out'),
    client_allowed_sans: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('with ca: names, one of which a client certificate must hold as a subject alternative name'),
    min_version: z.enum(['1.2', '1.3']).default('1.2').describe('oldest version of TLS'),
  })
  .superRefine(({ ca, client_allowed_sans }, context) => {
    if (ca !== undefined || client_allowed_sans === undefined) return;
    const message = 'needs ca, the authorities that sign client certificates';
    context.addIssue({ code: 'custom', path: ['client_allowed_sans'], message });
  });

/** Where a listener binds. */
export const bindFields = (port: number) => ({
  host: z.string().default('127.0.0.1').describe('address to bind; 0.0.0.0 for all'),
  port: z.int().min(0).max(65535).default(port).describe('0 for any free one'),
});

const asIngest = { 'x-as': 'ingest.listen.tls' };

/** `tls:` of a receiver: described once, where ingest listens. */
export const receiverTls = tlsFields
  .optional()
  .meta({ description: 'speak TLS only; as ingest.listen.tls', ...asIngest });

/** Of one that speaks nothing else. */
export const demandedTls = tlsFields.meta({
  description: 'must be there; as ingest.listen.tls',
  ...asIngest,
});

export const maxConnections = (most: number) =>
  z.int().min(1).default(most).describe('at the same time; more are closed at once');

interface HttpBounds {
  readonly connections: number;
  readonly requestTimeout: string;
}

/** What bounds the senders of a listener that speaks HTTP. */
export const httpFields = ({ connections, requestTimeout }: HttpBounds) => ({
  max_connections: maxConnections(connections),
  headers_timeout: duration('within which the head of a request must have come').prefault('20s'),
  request_timeout: duration('within which a whole request must have come').prefault(requestTimeout),
});

/** `listen:` of a process. */
export const listenerSchema = ({ port, ...bounds }: HttpBounds & { readonly port: number }) =>
  z
    .strictObject({
      ...bindFields(port),
      tls: tlsFields.optional().describe('speak TLS only'),
      ...httpFields(bounds),
    })
    .prefault({});

export type ListenerFile = z.infer<ReturnType<typeof listenerSchema>>;
export type AuthFile = z.infer<typeof authSchema>;
export type SecretFile = z.infer<typeof secret>;
