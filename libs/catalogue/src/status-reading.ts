import { FALSE, TRUE, UNKNOWN, and, not, type Truth } from './context.js';
import { literalsOf, type Condition, type Literal } from './conditions.js';
import type { StatusEntry, StatusRule, VendorFile } from './vendor-file.js';
import {
  sortedFlags,
  VERDICT_OF_REASON,
  type Action,
  type Basis,
  type Flag,
  type Judgement,
  type Origin,
  type Reason,
  type Responsible,
} from './vocabulary.js';

/** A judgement before it is known who made the status and whether evidence is missing. */
export interface Outcome {
  readonly reason: Reason;
  readonly responsible: Responsible;
  readonly action: Action;
  readonly basis: Basis;
  readonly flags: readonly Flag[];
  readonly citation: string;
  /** Set where the outcome itself says who made the status, whatever the log says. */
  readonly origin?: Origin;
}

/** All that a document says of one status: the exceptions in order, then the rule. */
export interface StatusReading {
  readonly exceptions: readonly Exception[];
  readonly outcome: Outcome;
}

export interface Exception {
  readonly literals: readonly Literal[];
  readonly outcome: Outcome;
  /** False where missing evidence for this exception is no reason to doubt the judgement. */
  readonly castsDoubt: boolean;
}

/** Statuses that gateways make too: where the log cannot tell who made them, they are in doubt. */
const MADE_BY_GATEWAYS = new Set([413, 414, 429, 499, 500, 501, 502, 503, 504]);

/**
 * The first exception that holds, else the rule. An exception that cannot be told from this log and would
 * have given another judgement makes the judgement `conditional`.
 */
export function decide(
  reading: StatusReading,
  truthOf: (condition: Condition) => Truth,
): { outcome: Outcome; conditional: boolean } {
  const doubts: Outcome[] = [];
  let outcome = reading.outcome;
  for (const exception of reading.exceptions) {
    const holds = exception.literals
      .map(({ condition, negated }) => (negated ? not(truthOf(condition)) : truthOf(condition)))
      .reduce(and, TRUE);
    if (holds === FALSE) continue;
    if (holds === UNKNOWN) {
      if (exception.castsDoubt) doubts.push(exception.outcome);
      continue;
    }
    outcome = exception.outcome;
    break;
  }
  return { outcome, conditional: doubts.some((doubt) => differs(doubt, outcome)) };
}

const differs = (a: Outcome, b: Outcome): boolean =>
  a.reason !== b.reason || a.responsible !== b.responsible || a.action !== b.action;

/** The judgement that an outcome becomes once it is known who made the status. */
export function judgementOf(
  { outcome, conditional }: { outcome: Outcome; conditional: boolean },
  code: number,
  origin: Origin,
): Judgement {
  const inDoubt = conditional || (origin === 'unknown' && MADE_BY_GATEWAYS.has(code));
  return {
    verdict: VERDICT_OF_REASON[outcome.reason],
    reason: outcome.reason,
    responsible: outcome.responsible,
    action: outcome.action,
    basis: outcome.basis,
    origin: outcome.origin ?? origin,
    flags: sortedFlags(inDoubt && !outcome.origin ? [...outcome.flags, 'conditional'] : outcome.flags),
    citation: outcome.citation,
  };
}

/** What a vendor's document says of a status that it lists. */
export function readingOf(file: VendorFile, code: string, entry: StatusEntry): StatusReading {
  const outcome: Outcome = {
    reason: entry.reason,
    responsible: entry.responsible,
    action: entry.action,
    basis: entry.basis,
    flags: entry.flags ?? [],
    citation: citationOf(file, code),
  };
  const models = modelPatterns(file);
  return {
    outcome,
    exceptions: (entry.rules ?? []).map((rule) => ({
      literals: literalsOf(rule.when, models),
      outcome: overridden(outcome, rule, file),
      castsDoubt: true,
    })),
  };
}

/** A status that no document lists: RFC 9110 may hint at a meaning, the vendor is silent. */
export const undocumented = (citation: string): Outcome => ({
  reason: 'undocumented',
  responsible: 'unknown',
  action: 'unspecified',
  basis: 'rfc',
  flags: ['rfc_hint'],
  citation,
});

function overridden(outcome: Outcome, rule: StatusRule, file: VendorFile): Outcome {
  const dropped = new Set(rule.drop_flags);
  const source = rule.source === undefined ? undefined : file.sources?.[rule.source];
  return {
    reason: rule.reason ?? outcome.reason,
    responsible: rule.responsible ?? outcome.responsible,
    action: rule.action ?? outcome.action,
    basis: rule.basis ?? outcome.basis,
    flags: [...outcome.flags.filter((flag) => !dropped.has(flag)), ...(rule.flags ?? [])],
    citation: source ? `${source.title}, ${source.url}` : outcome.citation,
  };
}

/** Document, section, revision and status, with the address where one is known. */
export function citationOf({ document }: VendorFile, code: string): string {
  const place = `${document.title}, "${document.section}" (${document.revision}), status ${code}`;
  return document.url ? `${place}, ${document.url}` : place;
}

/** Model sets as regular expressions over names such as "VSP G370" or "G370". */
function modelPatterns(file: VendorFile): Map<string, string> {
  return new Map(
    Object.entries(file.models ?? {}).map(([name, patterns]) => [
      name,
      `(?:^|\\s)(?:${patterns.map(globToPattern).join('|')})$`,
    ]),
  );
}

const globToPattern = (glob: string): string =>
  glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '\\S*');
