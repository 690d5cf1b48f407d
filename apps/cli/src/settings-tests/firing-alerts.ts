/** Labels of an alert that fired, `alertname` among them. */
export type FiringAlert = Readonly<Record<string, string>>;

const LABEL = '[a-zA-Z_]\\w*="(?:[^"\\\\]|\\\\.)*"';
const SAMPLE = new RegExp(`\\{((?:${LABEL}(?:, )?)*)\\} [0-9.E+-]+`, 'g');

/**
 * The alerts in what promtool prints of an expression on ALERTS for which no samples were expected: `got:` and every
 * sample, with labels as Go quotes them.
 * @returns undefined if promtool says something else
 */
export function firingAlertsIn(printed: string): FiringAlert[] | undefined {
  const got = /^ *exp: nil\n *got: (.*)$/m.exec(printed)?.[1];
  if (got === undefined) return undefined;
  return [...got.matchAll(SAMPLE)].map(([, labels]) =>
    Object.fromEntries(
      [...labels!.matchAll(new RegExp(LABEL, 'g'))]
        .map(([label]) => {
          const equals = label.indexOf('=');
          return [label.slice(0, equals), unquoted(label.slice(equals + 1))] as const;
        })
        .filter(([label]) => label !== 'alertstate'),
    ),
  );
}

/** Go's escapes are those of JSON, but for those of control characters. */
function unquoted(text: string): string {
  try {
    return JSON.parse(text.replace(/\\x([0-9a-f]{2})/g, '\\u00$1')) as string;
  } catch {
    return text.slice(1, -1);
  }
}
