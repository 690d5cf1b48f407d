import { FIRST_CODE, LAST_CODE, ORIGINS, type Context, type Origin } from '#catalogue';
import { explain, type Explanation } from '#verdict';
import { parse } from '../arguments.js';
import { UsageError, type Command } from '../io.js';
import { knownSettings, mustKnowVendor } from '../known-settings.js';
import { wrapped } from '../wrapped.js';

const OPTIONS = {
  method: { type: 'string' },
  path: { type: 'string' },
  model: { type: 'string' },
  'content-type': { type: 'string' },
  'retry-after': { type: 'string' },
  'error-code': { type: 'string' },
  'partial-success': { type: 'string' },
  origin: { type: 'string' },
  json: { type: 'boolean' },
  config: { type: 'string' },
} as const;

/** What a status of a vendor means. */
export const explainStatus: Command = {
  usage:
    'statuslens explain VENDOR CODE [--method M] [--path P] [--model M] [--retry-after S]\n' +
    '       [--content-type T] [--error-code C] [--partial-success N]\n' +
    '       [--origin vendor|gateway|unknown] [--json] [--config FILE]',
  about: 'tells what a status of a vendor means, who must act and what the caller should do',
  async run(args, io) {
    const { values, positionals } = parse(args, OPTIONS);
    const [vendor, code] = positionals;
    if (vendor === undefined || code === undefined || positionals.length > 2)
      throw new UsageError('needs a vendor and a status');
    const catalogue = knownSettings(values.config, io).catalogue;
    mustKnowVendor(catalogue, vendor);
    const explanation = explain(catalogue, vendor, status(code), contextOf(values), originOf(values.origin));
    io.stdout.write(`${values.json ? JSON.stringify(explanation, null, 2) : page(explanation)}\n`);
    return 0;
  },
};

function status(text: string): number {
  const code = Number(text);
  if (!/^\d+$/.test(text) || code < FIRST_CODE || code > LAST_CODE)
    throw new UsageError(`"${text}" is not a status from ${FIRST_CODE} to ${LAST_CODE}`);
  return code;
}

function originOf(text: string | undefined): Origin {
  if (text === undefined) return 'unknown';
  if (!(ORIGINS as readonly string[]).includes(text))
    throw new UsageError(`--origin is "${text}"; it may be: ${ORIGINS.join(', ')}`);
  return text as Origin;
}

const contextOf = (values: Readonly<Record<string, string | boolean | undefined>>): Context =>
  Object.fromEntries(
    Object.entries({
      method: values['method'],
      path: values['path'],
      model: values['model'],
      content_type: values['content-type'],
      retry_after: numberOf('--retry-after', values['retry-after']),
      error_code: values['error-code'],
      partialSuccessResponses: numberOf('--partial-success', values['partial-success']),
    }).filter(([, value]) => value !== undefined),
  );

function numberOf(option: string, text: string | boolean | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text === '' || !Number.isFinite(number) || number < 0)
    throw new UsageError(`${option} is "${text}"; it must be a number`);
  return number;
}

function page(e: Explanation): string {
  const rows: [string, string][] = [
    ['meaning', e.meaning],
    ['verdict', `${e.verdict} (${e.reason})`],
    ['who must act', e.who],
    ['caller', e.todo],
    ['rests on', `${e.basis}: ${e.rests_on}`],
    ...e.caveats.map((caveat): [string, string] => ['caveat', caveat]),
    ...e.notes.map((note): [string, string] => ['note', note]),
    ...e.would_change.map((change): [string, string] => ['would change', change]),
    ['source', e.citation],
  ];
  return [
    `${e.vendor} ${e.code} ${e.name}`.trim(),
    '',
    ...rows.flatMap(([label, text]) => row(label, text)),
  ].join('\n');
}

const LABEL_WIDTH = 14;
const PAGE_WIDTH = 98;

/** A label and a text wrapped beside it. */
const row = (label: string, text: string): string[] =>
  wrapped(text, PAGE_WIDTH - LABEL_WIDTH).map(
    (one, i) => `${(i === 0 ? label : '').padEnd(LABEL_WIDTH)}${one}`,
  );
