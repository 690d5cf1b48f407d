import { FIRST_CODE, LAST_CODE, VENDOR_MADE, type Catalogue } from './catalogue.js';
import { HTTP_METHODS, holds, type Condition, type Literal } from './conditions.js';
import { FALSE, TRUE, type Context } from './context.js';
import type { Judgement } from './vocabulary.js';
import { coveringCubes, type Cube } from './covering-cubes.js';

/** A status that two catalogues judge differently, and the evidence with which they do. */
export interface JudgementChange {
  readonly code: number;
  /** All of it must hold; empty where nothing else matters. */
  readonly when: readonly Literal[];
  readonly before: Judgement;
  readonly after: Judgement;
}

/**
 * What a vendor's statuses mean in one catalogue and no longer in the other: every combination of the evidence that
 * either of them asks for is judged by both. Statuses that a gateway made are none of a vendor's.
 */
export function judgementChanges(before: Catalogue, after: Catalogue, vendor: string): JudgementChange[] {
  const changes: JudgementChange[] = [];
  for (let code = FIRST_CODE; code <= LAST_CODE; code++)
    changes.push(...changesOf(code, judgesOf(before, vendor, code), judgesOf(after, vendor, code)));
  return changes;
}

/** How one catalogue judges one status. */
interface StatusJudge {
  readonly conditions: readonly Condition[];
  readonly judge: (isTrue: (condition: Condition) => boolean) => Judgement;
}

function judgesOf(catalogue: Catalogue, name: string, code: number): StatusJudge {
  const vendor = catalogue.vendorId(name);
  const { firstCell, conditions } = catalogue.statusCells(vendor, code, VENDOR_MADE, 0);
  const cell = (isTrue: (condition: Condition) => boolean): number =>
    conditions.reduce((sum, condition, i) => sum + (isTrue(condition) ? TRUE : FALSE) * 3 ** i, firstCell);
  return { conditions, judge: (isTrue) => catalogue.judgement(cell(isTrue)) };
}

function changesOf(code: number, before: StatusJudge, after: StatusJudge): JudgementChange[] {
  const conditions = distinct([...before.conditions, ...after.conditions]);
  const impossible: number[] = [];
  const changed = new Map<string, { then: Judgement; now: Judgement; worlds: number[] }>();
  for (let world = 0; world < 2 ** conditions.length; world++) {
    const names = new Set(conditions.filter((_, i) => isSet(world, i)).map(nameOf));
    const isTrue = (condition: Condition): boolean => names.has(nameOf(condition));
    if (!canBe(conditions, isTrue)) {
      impossible.push(world);
      continue;
    }
    const [then, now] = [before.judge(isTrue), after.judge(isTrue)];
    if (meaning(then) === meaning(now)) continue;
    const key = `${meaning(then)} ${meaning(now)}`;
    if (!changed.has(key)) changed.set(key, { then, now, worlds: [] });
    changed.get(key)!.worlds.push(world);
  }
  return [...changed.values()].flatMap(({ then, now, worlds }) =>
    coveringCubes(worlds, impossible, conditions.length).map((cube) => ({
      code,
      when: literalsOf(cube, conditions),
      before: then,
      after: now,
    })),
  );
}

const literalsOf = (cube: Cube, conditions: readonly Condition[]): Literal[] =>
  conditions.flatMap((condition, i) =>
    isSet(cube.care, i) ? [{ condition, negated: !isSet(cube.value, i) }] : [],
  );

const isSet = (bits: number, i: number): boolean => (bits & (1 << i)) !== 0;

const nameOf = (condition: Condition): string => JSON.stringify(condition);

const distinct = (conditions: readonly Condition[]): Condition[] => [
  ...new Map(conditions.map((condition) => [nameOf(condition), condition])).values(),
];

const meaning = ({ verdict, reason, responsible, action }: Judgement): string =>
  [verdict, reason, responsible, action].join(' ');

/** Of what a request has one at most: every value that some of the conditions tell apart, and any other. */
const VALUES: Partial<Record<Condition['kind'], (conditions: readonly Condition[]) => Context[]>> = {
  method: () => [...HTTP_METHODS, null].map((method) => ({ method })),
  content_type: (conditions) =>
    [...conditions.map((one) => (one.kind === 'content_type' ? one.mediaType : '')), null].map(
      (content_type) => ({ content_type }),
    ),
  error_code: (conditions) =>
    [
      ...conditions.flatMap((one) => (one.kind === 'error_code' ? [...one.exact, ...one.prefixes] : [])),
      null,
    ].map((error_code) => ({ error_code })),
  after_job: (conditions) =>
    [...conditions.map((one) => (one.kind === 'after_job' ? one : null)), null].map((after_job) => ({
      after_job,
    })),
};

/** Whether a request can bear exactly these of the conditions: none has two methods, or GET that is no GET or HEAD. */
function canBe(conditions: readonly Condition[], isTrue: (condition: Condition) => boolean): boolean {
  return Object.entries(VALUES).every(([kind, valuesOf]) => {
    const some = conditions.filter((condition) => condition.kind === kind);
    const fits = (value: Context) => some.every((one) => (holds(one, value) === TRUE) === isTrue(one));
    return valuesOf(some).some(fits);
  });
}
