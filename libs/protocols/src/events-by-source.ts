import { EventLines } from './event-lines.js';

const OPEN_BRACE = 0x7b;
/** Names are a sender's: so many are remembered to be told of, and so much of each. */
const MOST_NAMES = 10;
const LONGEST_NAME = 100;

/** Lines of one source, ready to be stored: either all are JSON objects or none is, so that they are read alike. */
export interface SourceLines {
  readonly source: string;
  readonly kind: 'objects' | 'texts';
  readonly lines: Buffer;
  readonly events: number;
}

/** The events of one request or message, sorted by the sources that their names stand for. */
export class EventsBySource {
  private readonly lines = new Map<string, Record<SourceLines['kind'], EventLines>>();
  private readonly strangers = new Set<string>();
  private unknownEvents = 0;

  /** @param find tells the source that goes by one of the names */
  constructor(private readonly find: (names: readonly string[]) => string | undefined) {}

  /** How many events have a name that nobody knows. */
  get unknown(): number {
    return this.unknownEvents;
  }

  /** Some of the names that nobody knows. */
  get unknownNames(): readonly string[] {
    return [...this.strangers];
  }

  /** Of all lines. */
  get bytes(): number {
    let sum = 0;
    for (const { objects, texts } of this.lines.values()) sum += objects.bytes + texts.bytes;
    return sum;
  }

  /**
   * @param names under which its protocol knows where the event comes from; the first that is known counts
   * @param event a log line or a JSON object
   * @returns whether any of the names is known
   */
  add(names: readonly string[], event: Uint8Array): boolean {
    const source = this.find(names);
    if (source === undefined) {
      this.unknownEvents++;
      if (this.strangers.size < MOST_NAMES) this.strangers.add(names.join(' or ').slice(0, LONGEST_NAME));
      return false;
    }
    this.linesOf(source)[event[0] === OPEN_BRACE ? 'objects' : 'texts'].add(event);
    return true;
  }

  get all(): SourceLines[] {
    return [...this.lines].flatMap(([source, byKind]) =>
      (['objects', 'texts'] as const)
        .filter((kind) => byKind[kind].events > 0)
        .map((kind) => ({ source, kind, lines: byKind[kind].lines, events: byKind[kind].events })),
    );
  }

  private linesOf(source: string): Record<SourceLines['kind'], EventLines> {
    const known = this.lines.get(source);
    if (known) return known;
    const fresh = { objects: new EventLines(), texts: new EventLines() };
    this.lines.set(source, fresh);
    return fresh;
  }
}
