import {
  ACTIONS,
  BASES,
  FLAGS,
  RESPONSIBLE,
  readPlainly,
  rfcHint,
  type Catalogue,
  type Context,
  type Judgement,
  type Origin,
  type VendorFile,
} from '#catalogue';

/** A judgement with what a person on call wants to know of it. */
export interface Explanation extends Judgement {
  readonly vendor: string;
  readonly code: number;
  /** The vendor's own name of the status; empty if the document does not list it. */
  readonly name: string;
  readonly meaning: string;
  readonly who: string;
  readonly todo: string;
  readonly rests_on: string;
  readonly caveats: readonly string[];
  readonly notes: readonly string[];
  /** Evidence that would change the judgement, and what it would become. */
  readonly would_change: readonly string[];
}

/**
 * What a status of a vendor means, who must act and what the caller should do.
 * @param vendor a vendor that the catalogue has a file of
 */
export function explain(
  catalogue: Catalogue,
  vendor: string,
  code: number,
  context: Context,
  origin: Origin,
): Explanation {
  const file = catalogue.files.find((one) => one.vendor === vendor);
  const judgement = readPlainly(file, code, context, { origin });
  const entry = judgement.origin === 'gateway' ? undefined : file?.statuses[String(code)];
  return {
    vendor,
    code,
    ...judgement,
    name: entry?.name ?? '',
    meaning: entry?.meaning ?? unlisted(judgement, code),
    who: RESPONSIBLE[judgement.responsible],
    todo: ACTIONS[judgement.action],
    rests_on: BASES[judgement.basis],
    caveats: judgement.flags.map((flag) => FLAGS[flag]),
    notes: notesOf(file, code, entry?.note),
    would_change: file && entry ? changes(file, code, context, judgement) : [],
  };
}

const unlisted = ({ origin }: Judgement, code: number): string =>
  origin === 'gateway'
    ? 'The gateway made this status itself; the vendor’s server did not send it.'
    : `The document does not list this status. RFC 9110 would read it as: ${rfcHint(code)}.`;

const notesOf = (file: VendorFile | undefined, code: number, note: string | undefined): string[] => [
  ...(note === undefined ? [] : [note]),
  ...(file?.hints?.[String(code)] === undefined ? [] : [file.hints[String(code)]!]),
  ...(file?.document.open_list && !file.statuses[String(code)]
    ? ['The document says that its list is open: servers may send others.']
    : []),
];

/** One line for each rule of the status that would give another judgement than the one at hand. */
function changes(file: VendorFile, code: number, context: Context, now: Judgement): string[] {
  const entry = file.statuses[String(code)]!;
  return (entry.rules ?? []).flatMap((rule) => {
    const then = {
      reason: rule.reason ?? entry.reason,
      responsible: rule.responsible ?? entry.responsible,
      action: rule.action ?? entry.action,
    };
    const same =
      then.reason === now.reason && then.responsible === now.responsible && then.action === now.action;
    return same
      ? []
      : [`${evidenceText(rule.when)}: ${then.reason}, ${then.responsible}, ${then.action}. ${rule.because}`];
  });
}

/** A `when:` as words: `retry_after present, method GET or HEAD`. */
function evidenceText(when: Readonly<Record<string, unknown>>): string {
  return Object.entries(when)
    .map(([key, value]) => {
      if (key === 'not') return `not (${evidenceText(value as Record<string, unknown>)})`;
      if (Array.isArray(value)) return `${key} ${shortList(value as string[])}`;
      if (typeof value === 'object' && value !== null) return `${key} ${Object.values(value).join(' ')}`;
      return `${key} ${String(value)}`;
    })
    .join(', ');
}

const MOST_LISTED = 4;

const shortList = (values: readonly string[]): string =>
  values.length <= MOST_LISTED
    ? values.join(' or ')
    : `${values.slice(0, MOST_LISTED).join(', ')} or ${values.length - MOST_LISTED} more`;
