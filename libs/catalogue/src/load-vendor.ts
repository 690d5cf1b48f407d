import { checkYaml, type CheckedYaml, type Mistake } from './checked-yaml.js';
import { readPlainly } from './plain-reading.js';
import { compileStatus, MAX_CONDITIONS } from './compile-status.js';
import { readingOf } from './status-reading.js';
import { vendorFileSchema, type VendorFile } from './vendor-file.js';
import type { Judgement } from './vocabulary.js';

/**
 * Reads a vendor file, shipped or the user's own, and runs its examples.
 * @param fileName for messages; @param text YAML
 * @returns the vendor, or every mistake with its line
 */
export function loadVendor(fileName: string, text: string): VendorFile | Mistake[] {
  const checked = checkYaml(vendorFileSchema, fileName, text);
  if (Array.isArray(checked)) return checked;
  const mistakes = [...dangling(fileName, checked), ...unreachable(fileName, checked)];
  if (mistakes.length > 0) return mistakes;
  const failed = failedExamples(fileName, checked);
  return failed.length > 0 ? failed : checked.value;
}

type Checked = CheckedYaml<VendorFile>;

/** Names of model sets, sources and parameters that are not defined in the file. */
function dangling(file: string, { value, lineOf }: Checked): Mistake[] {
  const mistakes: Mistake[] = [];
  const { device, routes = [] } = value;
  if (device !== undefined && !routes.some((route) => route.split('/').includes(`{${device}}`)))
    mistakes.push({
      file,
      line: lineOf(['device']),
      message: `device is "${device}", but no path in \`routes\` has {${device}}`,
    });
  for (const key of ['session_routes', 'job_routes'] as const)
    value[key]?.forEach((route, i) => {
      if (!routes.includes(route))
        mistakes.push({
          file,
          line: lineOf([key, i]),
          message: `${key} names "${route}", which is not among \`routes\``,
        });
    });
  for (const [key, source] of Object.entries(value.cites ?? {}))
    if (!value.sources?.[source])
      mistakes.push({
        file,
        line: lineOf(['cites', key]),
        message: `${key} cites "${source}", which \`sources\` does not define`,
      });
  for (const { code, index, rule } of rulesOf(value)) {
    const at = ['statuses', code, 'rules', index];
    for (const [where, when] of [
      [['when'], rule.when],
      [['when', 'not'], rule.when.not],
    ] as const)
      if (when?.model !== undefined && !value.models?.[when.model])
        mistakes.push({
          file,
          line: lineOf([...at, ...where, 'model']),
          message: `status ${code} names the model set "${when.model}", which \`models\` does not define`,
        });
    if (rule.source !== undefined && !value.sources?.[rule.source])
      mistakes.push({
        file,
        line: lineOf([...at, 'source']),
        message: `status ${code} cites "${rule.source}", which \`sources\` does not define`,
      });
  }
  return mistakes;
}

/** Rules that no evidence reaches, because an earlier one is always taken, and statuses with too many conditions. */
function unreachable(file: string, { value, lineOf }: Checked): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const [code, entry] of Object.entries(value.statuses)) {
    const reading = readingOf(value, code, entry);
    const conditions = compileStatus(reading).conditions.length;
    if (conditions > MAX_CONDITIONS)
      mistakes.push({
        file,
        line: lineOf(['statuses', code, 'rules']),
        message: `status ${code} depends on ${conditions} conditions; at most ${MAX_CONDITIONS} are allowed`,
      });
    const seen = new Map<string, number>();
    reading.exceptions.forEach(({ literals }, index) => {
      const key = JSON.stringify(literals);
      const earlier = seen.get(key);
      if (earlier !== undefined)
        mistakes.push({
          file,
          line: lineOf(['statuses', code, 'rules', index]),
          message: `status ${code}: rule ${index + 1} has the same conditions as rule ${earlier + 1}, so it is never reached`,
        });
      seen.set(key, earlier ?? index);
    });
  }
  return mistakes;
}

function failedExamples(file: string, { value, lineOf }: Checked): Mistake[] {
  return value.examples.flatMap(({ given, expect }, index) => {
    const { code, origin, ...context } = given;
    const judgement = readPlainly(value, code, context, {
      origin: origin ?? 'vendor',
    });
    const wrong = Object.entries(expect).filter(([key, wanted]) => !agrees(judgement, key, wanted));
    return wrong.map(([key, wanted]) => ({
      file,
      line: lineOf(['examples', index]),
      message:
        `example ${index + 1} (status ${code}) expects ${key} ${show(wanted)}, ` +
        `but the rules give ${show(judgement[key as keyof Judgement])}`,
    }));
  });
}

const agrees = (judgement: Judgement, key: string, wanted: unknown): boolean =>
  Array.isArray(wanted)
    ? wanted.every((flag) => judgement.flags.includes(flag as never))
    : judgement[key as keyof Judgement] === wanted;

const show = (value: unknown): string => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value));

function* rulesOf(file: VendorFile) {
  for (const [code, entry] of Object.entries(file.statuses))
    for (const [index, rule] of (entry.rules ?? []).entries()) yield { code, index, rule };
}
