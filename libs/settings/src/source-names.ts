const ANY = '*';

/** Tells sources by the names that senders have for them: `ingest.names`, and the names of the sources themselves. */
export class SourceNames {
  private readonly exact: ReadonlyMap<string, string>;
  /** The longest first. */
  private readonly prefixes: readonly (readonly [prefix: string, source: string])[];
  /** Takes every name that nobody knows. */
  private readonly fallback: string | undefined;

  /** @param table name, or prefix and `*`, to source */
  constructor(table: Readonly<Record<string, string>>, sources: Iterable<string>) {
    const rows = Object.entries(table);
    const isPrefix = ([name]: readonly [string, string]): boolean => name.endsWith(ANY);
    this.exact = new Map([
      ...rows.filter((row) => !isPrefix(row)),
      ...[...sources].map((source) => [source, source] as const),
    ]);
    this.prefixes = rows
      .filter((row) => isPrefix(row) && row[0] !== ANY)
      .map(([name, source]) => [name.slice(0, -1), source] as const)
      .sort(([a], [b]) => b.length - a.length);
    this.fallback = table[ANY];
  }

  /** @param names the first that is known counts @returns undefined if nobody knows any of them */
  find(names: readonly string[]): string | undefined {
    for (const name of names) {
      const source = this.exact.get(name) ?? this.prefixes.find(([prefix]) => name.startsWith(prefix))?.[1];
      if (source !== undefined) return source;
    }
    return this.fallback;
  }
}
