import { inflateSync } from 'node:zlib';

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const COMPRESSED = 0x7a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** No header is longer, but for its structured data. */
const LONGEST_HEADER = 768;

/** `<134>1 2026-11-21T06:00:00Z web1 nginx 12 - `: RFC 5424, up to its structured data. */
const RFC_5424 =
  /^<\d{1,3}>[1-9]\d{0,2} (?:-|\d{4}-[!-~]{1,60}) (?<host>[!-~]{1,255}) (?<tag>[!-~]{1,128}) [!-~]{1,128} [!-~]{1,32}(?: |$)/;

const BSD_TIME =
  '(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \\d]\\d (?:\\d{4} )?\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?|\\d{4}-\\d\\d-\\d\\dT[\\d:.,+Z-]{5,30})';
/** It does not end with a colon: that would be a tag. */
const HOST = '(?<host>[\\w.:%@/-]{0,254}[\\w.-])';
const TAG = '(?<tag>[^\\s:[\\]"{}]{1,128})(?:\\[[!-Z\\\\^-~]{0,64}\\]: ?|:(?: |$))';

/** `<134>Nov 21 06:00:00 web1 nginx[12]: `, as BSD wrote it; many leave the host out, some write the time of RFC 3339. */
const BSD = new RegExp(`^(?:<\\d{1,3}>)?${BSD_TIME} (?:${HOST} )?${TAG}`);
const BSD_WITHOUT_TAG = new RegExp(`^<\\d{1,3}>${BSD_TIME} (?:${HOST}(?: |$))?`);
const PRI_ALONE = /^<\d{1,3}>/;

export interface SyslogMessage {
  /** By which its source may be known: the program, then the host. */
  readonly names: readonly string[];
  /** MSG; a part of the frame, unless that was compressed. */
  readonly event: Buffer;
}

/**
 * Reads one message of RFC 5424 or of the many ways that RFC 3164 describes. Nothing is an error: what has no header
 * is a message without a name.
 * @param longest bytes to which a compressed message may grow
 */
export function readSyslog(frame: Buffer, longest: number): SyslogMessage {
  const whole = withoutEnd(frame[0] === COMPRESSED ? inflated(frame, longest) : frame);
  const head = whole.toString('latin1', 0, LONGEST_HEADER);
  const modern = RFC_5424.exec(head);
  if (modern) return { names: namesOf(modern), event: messageBehind(whole, modern[0].length) };
  const header = BSD.exec(head) ?? BSD_WITHOUT_TAG.exec(head) ?? PRI_ALONE.exec(head);
  return header
    ? { names: namesOf(header), event: whole.subarray(header[0].length) }
    : { names: [], event: whole };
}

function namesOf({ groups }: RegExpExecArray): readonly string[] {
  return [groups?.tag, groups?.host].filter((name): name is string => name !== undefined && name !== '-');
}

/** What stands behind structured data. Relays that knew the message in BSD's form leave the space before it. */
function messageBehind(whole: Buffer, at: number): Buffer {
  let start = behindStructuredData(whole, at);
  if (whole[start] === SPACE) start++;
  if (BYTE_ORDER_MARK.equals(whole.subarray(start, start + BYTE_ORDER_MARK.length)))
    start += BYTE_ORDER_MARK.length;
  if (whole[start] === SPACE) start++;
  return whole.subarray(start);
}

/** Data that has no end, or none at all, is the message. */
function behindStructuredData(whole: Buffer, start: number): number {
  if (whole[start] === 0x2d && (start + 1 === whole.length || whole[start + 1] === SPACE)) return start + 1;
  let at = start;
  while (whole[at] === OPEN_BRACKET) {
    at = behindElement(whole, at);
    if (at < 0) return start;
  }
  return at;
}

/** A bracket within quotes ends nothing, nor does a quote behind a backslash. @returns -1 if it has no end */
function behindElement(whole: Buffer, start: number): number {
  let isQuoted = false;
  for (let at = start + 1; at < whole.length; at++) {
    const byte = whole[at];
    if (isQuoted && byte === BACKSLASH) at++;
    else if (byte === QUOTE) isQuoted = !isQuoted;
    else if (byte === CLOSE_BRACKET && !isQuoted) return at + 1;
  }
  return -1;
}

function withoutEnd(frame: Buffer): Buffer {
  let end = frame.length;
  while (end > 0 && isEnd(frame[end - 1]!)) end--;
  return frame.subarray(0, end);
}

const isEnd = (byte: number): boolean => byte === LF || byte === CR || byte === NUL;

/** rsyslog writes a `z`, then a zlib stream. */
function inflated(frame: Buffer, longest: number): Buffer {
  try {
    return inflateSync(frame.subarray(1), { maxOutputLength: longest });
  } catch {
    return frame; // a message that begins with this letter
  }
}
