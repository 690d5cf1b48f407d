import { READ, type ReducedLines, type Request, type Text } from '#access-log';
import { ignoring } from './ignored.js';
import type { Lens } from './lens.js';
import { readLines, type Lines } from './read-lines.js';
import { RequestReducer, type Pseudonym } from './request-reducer.js';
import type { Reading } from './source-reader.js';
import { bytesOf } from './text-match.js';

/** So many callers of a batch are remembered, so that most lines cost no hash. */
const MOST_CALLERS = 4096;

/** The same text for the same bytes. */
type Hash = (bytes: Uint8Array) => string;

/** Makes of the lines of a source lines that hold nothing but what a judgement rests on. */
export class LineReducer {
  private readonly requests: RequestReducer;
  private readonly isIgnored: ((request: Request) => boolean) | undefined;

  /** @param pseudonym of a user, an address or an Idempotency-Key, the same for the same bytes */
  constructor(
    lens: Lens,
    private readonly reading: Reading,
    private readonly pseudonym: Hash,
  ) {
    this.requests = new RequestReducer(lens, reading);
    this.isIgnored = reading.ignore && ignoring(reading.ignore);
  }

  /** @param into is given one line for each line that comes; @param maxLineBytes a longer one is rejected */
  begin(into: ReducedLines, maxLineBytes: number): Lines {
    const { requests, isIgnored } = this;
    const ofCaller = remembering(this.pseudonym);
    const ofKey = hashing(this.pseudonym);
    return readLines(
      this.reading,
      (outcome, request, bytes, start, end) => {
        if (outcome !== READ) return into.pass(outcome, bytes, start, end);
        // an address or an agent that is ignored cannot be asked for later
        if (isIgnored?.(request)) return into.ignore();
        requests.reduce(request, ofCaller, ofKey);
        into.write(request);
      },
      maxLineBytes,
    );
  }
}

/** Lives as long as a batch, so that no caller is remembered any longer. */
function remembering(pseudonym: Hash): Pseudonym {
  const known = new Map<string, Uint8Array>();
  return (text) => {
    const caller = bytesIn(text);
    const key = caller.toString('latin1');
    const found = known.get(key);
    if (found) return found;
    if (known.size === MOST_CALLERS) known.clear();
    const made = bytesOf(pseudonym(caller));
    known.set(key, made);
    return made;
  };
}

/** For what comes too seldom more than once to be remembered. */
const hashing =
  (pseudonym: Hash): Pseudonym =>
  (text) =>
    bytesOf(pseudonym(bytesIn(text)));

const bytesIn = ({ bytes, start, end }: Text): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
