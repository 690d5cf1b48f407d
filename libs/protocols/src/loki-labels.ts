import { Malformed } from './malformed.js';

/** `name="value"`, where the value is a string as Go writes them, and the comma or brace behind it. */
const LABEL = /\s*([A-Za-z_][\w.:-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)\s*([,}])/sy;
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs;
const LETTERS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const LAST_CODE_POINT = 0x10ffff;

/** Longer ones are hostile. Loki takes 64 KiB of a stream at most, and 15 labels. */
const LONGEST = 64 * 1024;

/**
 * The labels of a stream as the protobuf form of a push holds them: `{job="nginx",path="C:\\logs"}`. Loki's own syntax,
 * https://grafana.com/docs/loki/latest/query/log_queries/, of which a push uses the equals sign alone.
 * @throws Malformed
 */
export function labelsIn(text: string): Map<string, string> {
  const labels = new Map<string, string>();
  if (text.length > LONGEST) throw notLabels(text);
  const set = text.trim().replace(/,\s*\}$/, '}'); // Go allows a comma behind the last one
  if (/^\{\s*\}$/.test(set)) return labels;
  if (!set.startsWith('{')) throw notLabels(text);
  LABEL.lastIndex = 1;
  for (let behind = ','; behind === ',';) {
    const found = LABEL.exec(set);
    if (!found) throw notLabels(text);
    labels.set(found[1]!, found[3] ?? unescaped(found[2]!));
    behind = found[4]!;
    if (behind === '}' && LABEL.lastIndex < set.length) throw notLabels(text);
  }
  return labels;
}

const unescaped = (text: string): string =>
  text.includes('\\')
    ? text.replace(ESCAPE, (_all, x?: string, u?: string, long?: string, octal?: string, other?: string) => {
        if (other !== undefined) return LETTERS[other] ?? other;
        const code = octal === undefined ? parseInt((x ?? u ?? long)!, 16) : parseInt(octal, 8);
        return code > LAST_CODE_POINT ? '\ufffd' : String.fromCodePoint(code);
      })
    : text;

const notLabels = (text: string): Malformed =>
  new Malformed(
    `These are no labels of a stream: ${JSON.stringify(text.slice(0, 100))}. Write {job="nginx"}.`,
  );
