import { z } from 'zod';
import { HTTP_METHODS, whenSchema } from './conditions.js';
import { ACTIONS, BASES, FLAGS, ORIGINS, REASONS, RESPONSIBLE, VERDICTS } from './vocabulary.js';

/**
 * The shape of a vendor file. One definition gives the types, the checks at load and, through
 * `npm run generate`, the JSON Schema with which editors complete `vendors/*.yaml`.
 */

const keysOf = <K extends string>(words: Record<K, unknown>): [K, ...K[]] =>
  Object.keys(words) as [K, ...K[]];

const reason = z.enum(REASONS).describe('what the status means with this vendor; the verdict follows');
const responsible = z.enum(keysOf(RESPONSIBLE)).describe('who must act');
const action = z.enum(keysOf(ACTIONS)).describe('what the caller should do');
const basis = z.enum(keysOf(BASES)).describe('what the reading rests on');
const flags = z.array(z.enum(keysOf(FLAGS))).describe('qualifiers');
const sentence = z.string().min(1);

const rule = z
  .strictObject({
    when: whenSchema.describe('the evidence; every part of it must hold'),
    because: sentence.describe('what the rule reads out of the evidence, in one sentence'),
    reason: reason.optional(),
    responsible: responsible.optional(),
    action: action.optional(),
    basis: basis.optional(),
    flags: flags.optional(),
    drop_flags: flags.describe('flags of the status that do not hold here').optional(),
    source: z.string().describe('key in `sources`; without it the document itself').optional(),
  })
  .describe('an exception; of several the first that holds is taken');

const status = z.strictObject({
  name: sentence.describe('the vendor’s own name of the status, for display only'),
  meaning: sentence.describe('what the document says, in own words'),
  reason,
  responsible,
  action,
  basis,
  flags: flags.optional(),
  note: sentence.describe('what else the reader of an incident should know').optional(),
  rules: z.array(rule).min(1).optional(),
});

const example = z.strictObject({
  given: z
    .looseObject({
      code: z.int().min(100).max(599),
      method: z.enum(HTTP_METHODS).optional(),
      origin: z.enum(ORIGINS).optional(),
    })
    .describe('a status and its context, with the keys of `statuslens classify`'),
  expect: z
    .strictObject({
      verdict: z.enum(VERDICTS),
      reason: reason.optional(),
      responsible: responsible.optional(),
      action: action.optional(),
      basis: basis.optional(),
      origin: z.enum(ORIGINS).optional(),
      flags: flags.describe('flags that must be among those of the judgement').optional(),
    })
    .describe('the judgement'),
});

const fingerprint = z
  .strictObject({
    host: z
      .string()
      .regex(/^(\*\.)?[a-z0-9.-]+$/, 'must be a host name in lower case, or *.domain')
      .describe('host name, or *.domain for any host below it; a port does not count')
      .optional(),
    path: z
      .string()
      .startsWith('/')
      .describe('path prefix; of several that fit, the longest wins')
      .optional(),
    except: z
      .array(z.string())
      .describe('not if the path (without the query) ends with one of these')
      .optional(),
    query: z.array(z.string()).min(1).describe('one of these query parameters is present').optional(),
  })
  .refine((print) => print.host ?? print.path ?? print.query, 'must name a host, a path or a query');

export const vendorFileSchema = z
  .strictObject({
    vendor: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens')
      .refine((name) => !['auto', 'unknown'].includes(name), 'is a word that statuslens uses itself')
      .describe('label value and file name'),
    name: sentence.describe('the product, for people'),
    document: z
      .strictObject({
        title: sentence,
        section: sentence,
        revision: sentence,
        url: z.url().optional(),
        open_list: z
          .boolean()
          .describe('the document says that servers may send other statuses too')
          .optional(),
      })
      .describe('the document that the table follows'),
    sources: z
      .record(z.string(), z.strictObject({ title: sentence, url: z.url() }))
      .describe('further documents that single rules follow')
      .optional(),
    models: z
      .record(z.string(), z.array(z.string()).min(1))
      .describe('named sets of device models; * stands for any rest')
      .optional(),
    fingerprints: z
      .array(fingerprint)
      .describe('how `vendor: auto` knows this vendor by host and path')
      .optional(),
    routes: z
      .array(
        z
          .string()
          .regex(
            /^(\/([^/{}|\s]+|\{\w+\}))+$/,
            'must be a path template, such as /v2/{project_id}/instances',
          ),
      )
      .min(1)
      .describe('path templates, for metrics by route; a literal segment goes before a {parameter}')
      .optional(),
    device: z
      .string()
      .regex(/^\w+$/, 'must be the name of a parameter in `routes`')
      .describe('the parameter in `routes` that names the storage device')
      .optional(),
    session_routes: z
      .array(z.string())
      .min(1)
      .describe('those of `routes` whose POST opens a session: its 401 is a failed login, its 503 the limit')
      .optional(),
    session_limit: z
      .int()
      .min(1)
      .describe('how many sessions a device allows at the same time, as the document says')
      .optional(),
    session_idle: z
      .int()
      .min(1)
      .describe(
        'seconds without a request after which the device ends a session by itself, as the document says',
      )
      .optional(),
    job_routes: z
      .array(z.string())
      .min(1)
      .describe('those of `routes` whose GET asks for the state of one job')
      .optional(),
    cites: z
      .strictObject({
        session_routes: z.string().optional(),
        session_limit: z.string().optional(),
        session_idle: z.string().optional(),
        job_routes: z.string().optional(),
      })
      .describe('keys in `sources`, by what is taken from there; the rest is from the document itself')
      .optional(),
    gateway_error_codes: z
      .array(z.string())
      .describe('error codes in the body that the vendor’s own API gateway makes')
      .optional(),
    statuses: z
      .record(z.string().regex(/^[1-5]\d\d$/, 'must be a status from 100 to 599'), status)
      .describe('the table, by status'),
    hints: z
      .record(z.string().regex(/^[1-5]\d\d$/), sentence)
      .describe('what other sources say of statuses that the document does not list')
      .optional(),
    examples: z.array(example).min(1).describe('proofs; a file whose examples fail does not load'),
  })
  .meta({ title: 'statuslens vendor file' });

export type VendorFile = z.infer<typeof vendorFileSchema>;
export type StatusEntry = z.infer<typeof status>;
export type StatusRule = z.infer<typeof rule>;
export type Fingerprint = z.infer<typeof fingerprint>;
