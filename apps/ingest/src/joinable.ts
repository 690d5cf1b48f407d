import { Unreadable, inflate } from '#batches';
import type { Source } from '#settings';
import { mustBeLog, type SentBody } from './body.js';
import { formatOfLines } from './format-of-lines.js';

/** A group is no larger, and so many bodies of the largest size fit into it: larger ones cost little beside their lines. */
const LARGEST_GROUP = 512 * 1024;
const BODIES_OF_A_GROUP = 8;
const LARGEST_COMPRESSED = 8 * 1024;

/** Enough lines to tell a format by. */
const SAMPLE_BYTES = 8 * 1024;

const LF = 0x0a;
const BLANKS: ReadonlySet<number> = new Set(Buffer.from(' \t\r\n'));
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const BYTE_ORDER_MARK = 0xef;
/** A list in an object, as the Kafka REST proxy is sent. */
const RECORDS = /^\{\s*"records"\s*:/;
const LONGEST_RECORDS = 64;
const LINE_FEED = Buffer.from([LF]);

/** A small body that may stand behind others and before others. */
export interface Joinable {
  /** Bodies of one lane are read alike. */
  readonly lane: string;
  /** Ended by a line feed. */
  readonly lines: Buffer;
  /** Bytes of the largest group that it may be in. */
  readonly largestGroup: number;
}

/**
 * What a body can be joined to: those whose events are of one kind and, where the format is told from the lines, of one
 * format. A list of JSON, a file that begins with a byte order mark and whatever is large stay alone, and so does what
 * is told from its bytes.
 * @param inflatedLimit bytes that a batch may have: a group of bodies that fit fits as well
 * @throws Refused if it is no log: its neighbours would be refused with it
 */
export async function joinable(
  source: Source,
  sent: SentBody,
  inflatedLimit: number,
): Promise<Joinable | undefined> {
  if (source.repeatsByContent) return undefined;
  const largestGroup = Math.min(LARGEST_GROUP, inflatedLimit);
  const bytes = await smallBody(sent, largestGroup / BODIES_OF_A_GROUP);
  if (bytes === undefined) return undefined;
  const kind = kindOf(bytes);
  if (kind === undefined) return undefined;
  if (!sent.areEvents) mustBeLog(bytes);
  const format = source.format === 'auto' ? formatOfLines(bytes.subarray(0, SAMPLE_BYTES)) : source.format;
  if (format === undefined) return undefined;
  const lines = bytes.at(-1) === LF ? bytes : Buffer.concat([bytes, LINE_FEED]);
  return { lane: `${source.name} ${kind} ${format}`, lines, largestGroup };
}

/** @returns undefined for one that is not small, or cannot be read: that is for the worker to find out */
async function smallBody({ bytes, encoding }: SentBody, largest: number): Promise<Buffer | undefined> {
  if (encoding === 'identity') return bytes.length <= largest ? bytes : undefined;
  if (bytes.length > LARGEST_COMPRESSED) return undefined;
  const pieces: Uint8Array[] = [];
  try {
    await inflate(bytes, encoding, largest, (piece) => void pieces.push(piece));
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
  return Buffer.concat(pieces);
}

function kindOf(bytes: Buffer): 'objects' | 'texts' | undefined {
  let first = 0;
  while (first < bytes.length && BLANKS.has(bytes[first]!)) first++;
  if (first === bytes.length || bytes[first] === OPEN_BRACKET || bytes[first] === BYTE_ORDER_MARK)
    return undefined;
  if (bytes[first] !== OPEN_BRACE) return 'texts';
  return RECORDS.test(bytes.toString('latin1', first, first + LONGEST_RECORDS)) ? undefined : 'objects';
}
