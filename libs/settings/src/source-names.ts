const ANY = '*';

/** What senders call a source beside its own name: `ingest.names`. */
export class SourceNames {
  private readonly exact: ReadonlyMap<string, string>;
  /** The longest first. */
  private readonly prefixes: readonly (readonly [prefix: string, source: string])[];
  /** Takes every name that nobody knows. */
  private readonly fallback: string | undefined;

  /** @param table name, or prefix and `*`, to source */
  constructor(table: Readonly<Record<string, string>>) {
    const rows = Object.entries(table);
    const isPrefix = ([name]: readonly [string, string]): boolean => name.endsWith(ANY);
    this.exact = new Map(rows.filter((row) => !isPrefix(row)));
    this.prefixes = rows
      .filter((row) => isPrefix(row) && row[0] !== ANY)
      .map(([name, source]) => [name.slice(0, -1), source] as const)
      .sort(([a], [b]) => b.length - a.length);
    this.fallback = table[ANY];
  }

  /**
   * @param names the first that is known counts
   * @param sources by their own names, which come before any other
   * @returns undefined if nobody knows any of them
   */
  find(names: readonly string[], sources: { has(name: string): boolean }): string | undefined {
    for (const name of names) {
      const source = sources.has(name) ? name : this.named(name);
      if (source !== undefined) return source;
    }
    return this.fallback;
  }

  private named(name: string): string | undefined {
    return this.exact.get(name) ?? this.prefixes.find(([prefix]) => name.startsWith(prefix))?.[1];
  }
}
