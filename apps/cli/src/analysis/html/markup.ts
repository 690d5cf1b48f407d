import { visibleText } from '#access-log';

/** A piece of a page: HTML that was made by `markup`, so that no text of a log is in it unescaped. */
export class Markup {
  constructor(readonly source: string) {}
}

type Part = Markup | string | number | readonly Part[];

/** Makes HTML; whatever is put in that is not Markup itself is shown as the text that it is. */
export const markup = (literals: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(literals.reduce((all, literal, i) => `${all}${sourceOf(parts[i - 1]!)}${literal}`));

const sourceOf = (part: Part): string => {
  if (part instanceof Markup) return part.source;
  return typeof part === 'object' ? part.map(sourceOf).join('') : escaped(String(part));
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => visibleText(text).replace(/[&<>"']/g, (one) => ENTITIES[one]!);
