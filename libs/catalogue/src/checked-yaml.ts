import { LineCounter, isMap, isSeq, parseDocument, type Document, type Node, type Pair } from 'yaml';
import type { z } from 'zod';

/** One thing that is wrong in a file a user wrote. `line` counts from 1. */
export interface Mistake {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export const describeMistake = ({ file, line, message }: Mistake): string => `${file}:${line}: ${message}`;

type Path = readonly PropertyKey[];

/** A checked YAML file: its value, and the line on which any part of it stands. */
export interface CheckedYaml<T> {
  readonly value: T;
  readonly lineOf: (path: Path) => number;
}

/**
 * Parses YAML and checks it against a schema.
 * @returns the value, or every mistake with its line and a sentence that says what is allowed
 */
export function checkYaml<S extends z.ZodType>(
  schema: S,
  file: string,
  text: string,
): CheckedYaml<z.infer<S>> | Mistake[] {
  const lines = new LineCounter();
  const document = parsed(text, lines);
  if (document instanceof Error)
    return [{ file, line: 1, message: `not readable as YAML: ${document.message}` }];
  if (document.errors.length > 0)
    return document.errors.map((error) => ({
      file,
      line: lines.linePos(error.pos[0]).line,
      message: `not readable as YAML: ${error.message}`,
    }));
  const lineOf = (path: Path): number => lines.linePos(offsetOf(document, path)).line;
  const content = plainValue(document);
  if (content instanceof Error)
    return [{ file, line: 1, message: `not readable as YAML: ${content.message}` }];
  const result = schema.safeParse(content);
  if (result.success) return { value: result.data, lineOf };
  return withoutEchoes(result.error.issues).map((issue) => ({
    file,
    line: lineOf(issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path),
    message: sentence(issue, valueAt(content, issue.path)),
  }));
}

/** The parser calls itself for each level. What it then runs out of, it throws, or lists among the errors. */
function parsed(text: string, lineCounter: LineCounter): Document | Error {
  try {
    const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
    return document.errors.some(({ message }) => message === OUT_OF_STACK) ? TOO_DEEP : document;
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP;
    throw error;
  }
}

const OUT_OF_STACK = 'Maximum call stack size exceeded';
const TOO_DEEP = new Error('it is nested too deeply');

/** Aliases that multiply into millions of nodes end in an error, not in memory. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    return error;
  }
}

/** A map with an unknown key fails its other checks for no other reason than that. */
function withoutEchoes(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const unknown = new Set(
    issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => path.join('.')),
  );
  return issues.filter(({ code, path }) => code !== 'custom' || !unknown.has(path.join('.')));
}

const valueAt = (content: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step],
    content,
  );

/** The offset of the node at a path, or of its nearest parent that exists. */
function offsetOf(document: Document, path: Path): number {
  let node = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair: Pair<unknown, unknown> | undefined = node.items.find(
        (item) => String((item.key as { value?: unknown } | null)?.value) === String(step),
      );
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = (node.items[Number(step)] ?? null) as Node | null;
      offset = node?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

function sentence(issue: z.core.$ZodIssue, value: unknown): string {
  const place = issue.path.length > 0 ? issue.path.map(String).join('.') : 'the file';
  const missing = value === undefined || value === null;
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${place} has the unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    case 'invalid_value':
      return missing
        ? `${place} is missing; it must be one of: ${issue.values.join(', ')}`
        : `${place} is ${JSON.stringify(value)}; it must be one of: ${issue.values.join(', ')}`;
    case 'invalid_type':
      return `${place} ${missing ? 'is missing; it ' : ''}must be ${article(issue.expected)}`;
    case 'too_small':
      if (issue.origin !== 'number' && issue.minimum === 1) return `${place} must not be empty`;
      return `${place} must be ${bound('at least', issue.minimum, issue.origin)}`;
    case 'too_big':
      return `${place} must be ${bound('at most', issue.maximum, issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'starts_with'
        ? `${place} must begin with ${String((issue as { prefix?: unknown }).prefix)}`
        : `${place}: ${issue.message}`;
    case 'invalid_key':
      return `${place} ${issue.issues[0]?.message ?? 'is not an allowed key'}`;
    default:
      return `${place}: ${issue.message}`;
  }
}

const bound = (which: string, limit: number | bigint, origin: string): string =>
  origin === 'string' || origin === 'array'
    ? `${which} ${limit} ${origin === 'string' ? 'characters' : 'entries'} long`
    : `${which} ${limit}`;

const article = (type: string): string =>
  ({ object: 'a map', record: 'a map', array: 'a list', string: 'a text', int: 'a whole number' })[type] ??
  `a ${type}`;
