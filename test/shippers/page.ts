import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A page of docs/shippers, whose blocks tests run as users paste them. */
export class Page {
  private readonly blocks: readonly { readonly language: string; readonly text: string }[];

  /** @param name such as `rsyslog.md` */
  constructor(private readonly name: string) {
    const page = readFileSync(`docs/shippers/${name}`, 'utf8');
    this.blocks = [...page.matchAll(/^```([\w-]+)\n([\s\S]*?)^```$/gm)].map(
      ([, language = '', text = '']) => ({ language, text }),
    );
  }

  /** The only block of a language that holds all of the texts. */
  block(language: string, ...holds: string[]): string {
    return this.only(
      `of ${language} with ${holds.join(', ')}`,
      (block) => block.language === language && holds.every((text) => block.text.includes(text)),
    );
  }

  /** The settings with these receivers and sources, on loopback and free ports. */
  settings(...receivers: string[]): PageSettings {
    const text = this.only(`of settings with ${receivers.join(', ')}`, (block) => {
      if (block.language !== 'yaml') return false;
      const { ingest, sources } = parse(block.text) as Partial<PageSettings>;
      return sources !== undefined && Object.keys(ingest?.receivers ?? {}).join() === receivers.join();
    });
    const settings = parse(text) as PageSettings;
    for (const receiver of Object.values(settings.ingest?.receivers ?? {}))
      Object.assign(receiver, { host: '127.0.0.1', port: 0 });
    return { ...settings, ingest: { ...settings.ingest, listen: { port: 0 } } };
  }

  private only(what: string, fits: (block: { language: string; text: string }) => boolean): string {
    const found = this.blocks.filter(fits);
    if (found.length !== 1) throw new Error(`docs/shippers/${this.name} has ${found.length} blocks ${what}`);
    return found[0]!.text;
  }
}

/** Settings of a page, as far as tests change them. */
export interface PageSettings {
  ingest?: { receivers?: Record<string, Record<string, unknown>>; [setting: string]: unknown };
  sources: Record<string, object>;
}

/** A text of a page with what is different here put in; each must be in it. */
export function replaced(text: string, here: Readonly<Record<string, string>>): string {
  return Object.entries(here).reduce((changed, [there, instead]) => {
    if (!changed.includes(there)) throw new Error(`there is no "${there}" in:\n${text}`);
    return changed.replaceAll(there, instead);
  }, text);
}
