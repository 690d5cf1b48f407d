import {
  FALSE,
  TRUE,
  UNKNOWN,
  type Catalogue,
  type Condition,
  type Judgement,
  type StatusCells,
} from '#catalogue';
import type { Evidence } from './evidence.js';

/** What a status depends on: something to ask of a request, and where each answer leads, another question or a cell. */
export interface Question {
  readonly holds: Evidence;
  /** By the answer: FALSE, TRUE, UNKNOWN. */
  readonly next: readonly [Question | number, Question | number, Question | number];
}

/** Kinds of conditions, the one that takes longest to look at last. */
const BY_COST: readonly Condition['kind'][] = [
  'retry_after',
  'partial_success',
  'failed_results',
  'succeeded_results',
  'if_match',
  'if_none_match',
  'blank_body',
  'after_job',
  'method',
  'model',
  'content_type',
  'error_code',
  'timeout_param',
  'operation',
];

/**
 * Only the questions whose answers can change the judgement after the answers before, the cheapest first. Of cells with
 * the same judgement one stands for all.
 * @param evidenceFor prepares a condition
 * @returns a cell if nothing has to be asked
 */
export function questionsFor(
  catalogue: Catalogue,
  { firstCell, conditions }: StatusCells,
  evidenceFor: (condition: Condition) => Evidence,
): Question | number {
  const order = conditions
    .map((condition, place) => ({ condition, stride: 3 ** place }))
    .sort((a, b) => BY_COST.indexOf(a.condition.kind) - BY_COST.indexOf(b.condition.kind));
  const cells = new Map<Judgement, number>();
  const known = new Map<string, Numbered>();
  const leaf = (cell: number): Numbered => {
    const judgement = catalogue.judgement(cell);
    if (!cells.has(judgement)) cells.set(judgement, cell);
    const first = cells.get(judgement)!;
    return { question: first, number: first };
  };
  const ask = (depth: number, cell: number): Numbered => {
    if (depth === order.length) return leaf(cell);
    const { condition, stride } = order[depth]!;
    const answers = [FALSE, TRUE, UNKNOWN].map((answer) => ask(depth + 1, cell + answer * stride));
    const [no, yes, unknown] = answers as [Numbered, Numbered, Numbered];
    if (no.number === yes.number && yes.number === unknown.number) return no;
    const key = `${depth} ${no.number} ${yes.number} ${unknown.number}`;
    let same = known.get(key);
    if (same === undefined) {
      const question: Question = {
        holds: evidenceFor(condition),
        next: [no.question, yes.question, unknown.question],
      };
      // cells are from 0 up, so questions get numbers below
      same = { question, number: -1 - known.size };
      known.set(key, same);
    }
    return same;
  };
  return ask(0, firstCell).question;
}

/** Questions with the same number are the same. */
interface Numbered {
  readonly question: Question | number;
  readonly number: number;
}
