import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { z } from 'zod';
import { maskSecrets } from '#access-log';
import { FIRST_CODE, LAST_CODE, ORIGINS, type Catalogue, type Context } from '#catalogue';
import { Judge, requestFromContext } from '#verdict';
import { parse } from '../arguments.js';
import { knownSettings } from '../known-settings.js';
import { UsageError, jsonLine, type Command } from '../io.js';

const presence = z.union([z.boolean(), z.string(), z.number(), z.null()], mustBe('true, a text or a number'));
const count = z.union([z.int().min(0), z.literal(false), z.null()], mustBe('a whole number from 0 on'));
const text = z.union([z.string(), z.literal(false), z.null()], mustBe('a text'));

const contextSchema = z.strictObject({
  method: text.optional(),
  path: text.optional(),
  model: text.optional(),
  content_type: text.optional(),
  retry_after: z
    .union(
      [z.number().min(0), z.string(), z.boolean(), z.null()],
      mustBe('seconds from 0 on, a text or true'),
    )
    .optional(),
  timeout_param: presence.optional(),
  if_match: presence.optional(),
  if_none_match: presence.optional(),
  body_bytes: count.optional(),
  complete: z.boolean().nullable().optional(),
  error_code: text.optional(),
  partialSuccessResponses: count.optional(),
  results: z
    .union(
      [z.strictObject({ success: z.int().min(0), failed: z.int().min(0) }), z.literal(false), z.null()],
      mustBe('{"success":number,"failed":number}'),
    )
    .optional(),
  result_count: count.optional(),
  after_job: z
    .union(
      [z.strictObject({ method: z.string(), state: z.string() }), z.literal(false), z.null()],
      mustBe('{"method":text,"state":text}'),
    )
    .optional(),
  origin: z
    .union([z.enum(ORIGINS), z.literal(false), z.null()], mustBe(`one of ${ORIGINS.join(', ')}`))
    .optional(),
});

const lineSchema = z.strictObject({
  vendor: z.string(),
  code: z.int().min(FIRST_CODE).max(LAST_CODE),
  context: contextSchema.default({}),
});

/** JSON lines in, one judgement a line out; programs use this form. */
export const classify: Command = {
  usage: 'statuslens classify [--config FILE] < LINES',
  about: 'judges {"vendor","code","context":{…}} lines from standard input',
  async run(args, io) {
    const { values, positionals } = parse(args, { config: { type: 'string' } });
    if (positionals.length > 0) throw new UsageError(`unexpected argument "${positionals[0]}"`);
    const catalogue = knownSettings(values.config, io).catalogue;
    const judge = new Judge(catalogue);
    let failed = false;
    for await (const line of createInterface({ input: io.stdin, crlfDelay: Infinity })) {
      if (line.trim() === '') continue;
      const answer = judgeLine(line, catalogue, judge);
      failed ||= 'error' in answer;
      if (!io.stdout.write(jsonLine(answer))) await once(io.stdout, 'drain');
    }
    return failed ? 1 : 0;
  },
};

function mustBe(what: string): string {
  return `must be ${what}, or null or false where it was absent`;
}

function judgeLine(line: string, catalogue: Catalogue, judge: Judge): object {
  const parsed = readLine(line);
  if (typeof parsed === 'string') return { error: parsed };
  const { vendor, code, context } = parsed;
  const id = catalogue.vendorId(vendor);
  if (id < 0) return { error: `vendor: unknown "${vendor}"; known are: ${catalogue.vendors.join(', ')}` };
  const { origin, ...known } = context;
  const request = requestFromContext(code, withNulls(known), origin || 'unknown');
  const { citation, flags, ...judgement } = catalogue.judgement(judge.cell(id, request));
  return { vendor, code, ...judgement, flags, citation };
}

/** @returns what is wrong with the line if it cannot be judged */
function readLine(line: string): z.infer<typeof lineSchema> | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return `not JSON: ${maskSecrets((error as Error).message)}`;
  }
  const result = lineSchema.safeParse(value);
  if (result.success) return result.data;
  return result.error.issues.map((issue) => `${issue.path.join('.') || 'line'}: ${issue.message}`).join('; ');
}

/** `false` means absent for every key, as `null` does. Texts of Retry-After and presence keys mean present. */
function withNulls(context: Omit<z.infer<typeof contextSchema>, 'origin'>): Context {
  const entries = Object.entries(context).map(([key, value]) => {
    if (value === false && key !== 'complete') return [key, null];
    if (key === 'retry_after' && typeof value === 'string') return [key, seconds(value)];
    if (key === 'timeout_param' && value !== null) return [key, true];
    return [key, value];
  });
  return Object.fromEntries(entries) as Context;
}

const seconds = (value: string): number | boolean => (/^\d+$/.test(value) ? Number(value) : true);
