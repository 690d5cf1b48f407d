import { isDeepStrictEqual } from 'node:util';
import type { Catalogue } from '#catalogue';
import { DEFAULT_OBJECTIVES, ruleGroups } from '#monitoring';
import { wrapped } from '../wrapped.js';

/** Of a terminal, less what the lines are indented by. */
const WIDTH = 96;

/** A rule that is written differently, and which parts of it. */
export interface AlertChange {
  readonly name: string;
  readonly parts: readonly string[];
}

type Parts = Readonly<Record<string, unknown>>;

/** Alerts and recording rules with the default objectives, by name and, of those with one name, in their order. */
function rulesOf(catalogue: Catalogue): Map<string, Parts[]> {
  const scope = {
    catalogue,
    objectives: DEFAULT_OBJECTIVES,
    lateAfterMs: 0,
    sourceLabels: [],
    keptLabels: [],
    revision: '',
  };
  const rules = new Map<string, Parts[]>();
  for (const rule of ruleGroups(scope).flatMap((group) => group.rules)) {
    const name = 'alert' in rule ? rule.alert : rule.record;
    const { annotations = {}, ...rest } = { ...rule } as Parts & { annotations?: Parts };
    rules.set(name, [...(rules.get(name) ?? []), { ...rest, ...annotations }]);
  }
  return rules;
}

/** What rules say otherwise once they are generated from another catalogue. */
export function alertChanges(before: Catalogue, after: Catalogue): AlertChange[] {
  const [then, now] = [rulesOf(before), rulesOf(after)];
  return [...new Set([...then.keys(), ...now.keys()])].flatMap((name) => {
    const parts = changedParts(then.get(name), now.get(name));
    return parts.length === 0 ? [] : [{ name, parts }];
  });
}

function changedParts(then: readonly Parts[] | undefined, now: readonly Parts[] | undefined): string[] {
  if (!then) return ['is new'];
  if (!now) return ['is gone'];
  const keys = new Set([...then, ...now].flatMap((rule) => Object.keys(rule)));
  const of = (rules: readonly Parts[], key: string): unknown[] => rules.map((rule) => rule[key]);
  return [...keys].filter((key) => !isDeepStrictEqual(of(then, key), of(now, key)));
}

const WORDS: Readonly<Record<string, string>> = { expr: 'expression' };

export function alertLines(changes: readonly AlertChange[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, parts } of changes) {
    const what = parts.map((part) => WORDS[part] ?? part).join(', ');
    names.set(what, [...(names.get(what) ?? []), name]);
  }
  const lines = [...names].flatMap(([what, some]) => [
    `  ${what}`,
    ...wrapped(some.join(', '), WIDTH).map((line) => `    ${line}`),
  ]);
  return lines.length === 0 ? [] : ['rules that are written differently, by what differs', ...lines];
}
