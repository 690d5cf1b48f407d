import { FORMATS, READ, Request, detectFormat, type FormatName, type LineReader } from '#access-log';

const LF = 0x0a;
const OPEN_BRACE = 0x7b;
const BLANKS: ReadonlySet<number> = new Set(Buffer.from(' \t\r\n'));

interface Known {
  readonly name: FormatName;
  readonly reader: LineReader;
}

const NAMES = Object.keys(FORMATS) as FormatName[];
const known = (name: FormatName): Known => ({ name, reader: FORMATS[name].reader({}) });

/** Formats of text, the one that is asked first at the front. */
const TEXTS: readonly Known[] = NAMES.filter((name) => FORMATS[name].kind === 'text').map(known);
/** The first of FORMATS: what it reads is its own. */
const FIRST = { name: 'nginx-json', reader: FORMATS['nginx-json'].reader({}) } as const;
const request = new Request();

/**
 * The format of the lines of a small body, as {@link detectFormat} tells it. That makes a reader of every format, which
 * takes a thousand times as long as to read one line, and most small bodies are one line: it is read with readers that
 * are kept, where the answer must be the same.
 */
export const formatOfLines = (bytes: Buffer): FormatName | undefined =>
  formatOfLine(bytes) ?? detectFormat(bytes)?.format;

/** @returns undefined where others would have to be asked */
function formatOfLine(bytes: Buffer): FormatName | undefined {
  let [start, end] = [0, bytes.length];
  while (start < end && BLANKS.has(bytes[start]!)) start++;
  while (end > start && BLANKS.has(bytes[end - 1]!)) end--;
  const line = bytes.subarray(start, end);
  if (line.includes(LF)) return undefined;
  if (line[0] === OPEN_BRACE) return isFirst(line) ? FIRST.name : undefined;
  // no format of objects finds one in it
  return line.includes(OPEN_BRACE) ? undefined : TEXTS.find(({ reader }) => reads(reader, line))?.name;
}

/** Whether the line is one object, and no more, that the first format reads. */
const isFirst = (line: Buffer): boolean =>
  reads(FIRST.reader, line) && FIRST.reader.object.end === line.length;

const reads = (reader: LineReader, line: Buffer): boolean =>
  reader.read(line, 0, line.length, request) === READ && request.method >= 0 && request.path.present;
