import { deflateSync } from 'node:zlib';
import { readSyslog } from './syslog-message.js';

const LONGEST = 64 * 1024;
const read = (frame: string | Buffer): { names: readonly string[]; event: string } => {
  const { names, event } = readSyslog(Buffer.from(frame as string), LONGEST);
  return { names, event: event.toString('latin1') };
};

const LINE =
  '127.0.0.1 - - [21/Nov/2026:06:05:38 +0000] "GET /a?b=[c]: HTTP/1.1" 503 5 "-" "curl \\x22q\\x22"';
const JSON_LINE = '{"time":"2026-11-21T06:05:38+00:00","status":503,"path":"/a b: c"}';

describe('a syslog message, as real programs write it,', () => {
  it.each([
    ['nginx', `<190>Nov 21 06:05:38 edge-1 nginx: ${LINE}`, ['nginx', 'edge-1'], LINE],
    ['nginx with tag and nohostname', `<190>Nov  1 06:05:38 njson: ${JSON_LINE}`, ['njson'], JSON_LINE],
    [
      'HAProxy, which leaves the host out',
      `<134>Nov 21 06:06:47 haproxy[20225]: ${LINE}\n`,
      ['haproxy'],
      LINE,
    ],
    [
      'HAProxy with log-send-hostname',
      `<142>Nov 21 06:15:33 localhost web[27132]: ${LINE}`,
      ['web', 'localhost'],
      LINE,
    ],
    [
      'HAProxy in RFC 5424 without a host',
      `<142>1 2026-11-21T06:06:47.885461+00:00 - haproxy 20225 - - ${LINE}`,
      ['haproxy'],
      LINE,
    ],
    ['rsyslog, relaying', `<134>Nov 21 06:00:00 web1 nginx: ${JSON_LINE}\n`, ['nginx', 'web1'], JSON_LINE],
    [
      'rsyslog with the time of RFC 3339 in the header of BSD',
      `<134>2026-11-21T06:00:00.123456+00:00 web1 nginx: ${LINE}`,
      ['nginx', 'web1'],
      LINE,
    ],
    [
      'rsyslog in RFC 5424, which keeps the space of the BSD message',
      `<134>1 2026-11-21T06:00:00+00:00 web1 nginx - - -  ${JSON_LINE}\n`,
      ['nginx', 'web1'],
      JSON_LINE,
    ],
    [
      'syslog-ng in RFC 5424',
      `<134>1 2026-11-21T06:00:00+00:00 web1 nginx 12 - - ${LINE}`,
      ['nginx', 'web1'],
      LINE,
    ],
    [
      'logger --rfc5424',
      `<13>1 2026-11-21T06:05:38.909565+00:00 vm access - - [timeQuality tzKnown="1" isSynced="0"] ${LINE}`,
      ['access', 'vm'],
      LINE,
    ],
    ['logger --rfc3164 with a pid', `<13>Nov 21 06:05:38 vm access[4711]: ${LINE}`, ['access', 'vm'], LINE],
    ['a device with a year', `<13>Nov 21 2026 06:05:38 fw-1 proxy: ${LINE}`, ['proxy', 'fw-1'], LINE],
  ])('of %s', (_name, frame, names, event) => {
    expect(read(frame)).toEqual({ names, event });
  });
});

describe('structured data', () => {
  const message = (data: string, rest = ` ${LINE}`) => read(`<134>1 - web1 nginx - - ${data}${rest}`).event;

  it.each([
    ['none', '-'],
    ['one element', '[a@1 b="c"]'],
    ['several', '[a@1 b="c"][d e="f" g="h"]'],
    ['a bracket within quotes', '[a b="]"]'],
    ['an escaped bracket, quote and backslash', '[a b="\\] \\" \\\\"]'],
    ['no parameter', '[a]'],
  ])('of %s is not the message', (_name, data) => {
    expect(message(data)).toBe(LINE);
    expect(message(data, '')).toBe('');
  });

  it('may be followed by a byte order mark, which is not the message', () => {
    const [head, mark] = [Buffer.from('<134>1 - web1 nginx - - - '), Buffer.from([0xef, 0xbb, 0xbf])];
    expect(read(Buffer.concat([head, mark, Buffer.from(LINE)])).event).toBe(LINE);
  });

  it('without an end, or left out, is the message: nothing is lost', () => {
    expect(message('[a b="c', JSON_LINE)).toBe(`[a b="c${JSON_LINE}`);
    expect(message(JSON_LINE, '')).toBe(JSON_LINE);
    expect(message('-x')).toBe(`-x ${LINE}`);
  });
});

describe('a header with something missing', () => {
  it.each([
    ['no PRI', `Nov 21 06:05:38 web1 nginx: ${LINE}`, ['nginx', 'web1'], LINE],
    [
      'no PRI and no tag: a line',
      `2026-11-21T06:05:38Z web1 ${LINE}`,
      [],
      `2026-11-21T06:05:38Z web1 ${LINE}`,
    ],
    ['no tag', `<13>Nov 21 06:05:38 web1 ${LINE}`, ['web1'], LINE],
    [
      'no tag, before a virtual host',
      `<13>Nov 21 06:05:38 web1 a.example:80 ${LINE}`,
      ['web1'],
      `a.example:80 ${LINE}`,
    ],
    ['neither host nor tag', `<13>Nov 21 06:05:38 ${JSON_LINE}`, [], JSON_LINE],
    ['no time: all is the message', `<13>nginx: ${LINE}`, [], `nginx: ${LINE}`],
    ['PRI alone', `<13>${JSON_LINE}`, [], JSON_LINE],
    ['nothing but the line', LINE, [], LINE],
    ['a version, but no fields', `<13>1 ${LINE}`, [], `1 ${LINE}`],
    ['a PRI that is none', `<1234>${LINE}`, [], `<1234>${LINE}`],
    ['an IPv6 host', `<13>Nov 21 06:05:38 2001:db8::7 nginx: ${LINE}`, ['nginx', '2001:db8::7'], LINE],
    ['a message with a colon', '<13>Nov 21 06:05:38 nginx: a: b', ['nginx'], 'a: b'],
    ['no message', '<13>Nov 21 06:05:38 web1 nginx:', ['nginx', 'web1'], ''],
    ['nothing', '', [], ''],
  ])('%s', (_name, frame, names, event) => {
    expect(read(frame)).toEqual({ names, event });
  });
});

it('keeps the bytes of the message, whatever they are', () => {
  const bytes = Buffer.from([0x2f, 0xe9, 0x00, 0xff, 0x23, 0x30, 0x31, 0x31, 0x0a, 0x7f]);
  const frame = Buffer.concat([Buffer.from('<13>Nov 21 06:05:38 web1 nginx: '), bytes]);
  expect(readSyslog(frame, LONGEST).event).toEqual(bytes);
});

describe('a message that rsyslog compressed', () => {
  const compressed = (text: string): Buffer => Buffer.concat([Buffer.from('z'), deflateSync(text)]);

  it('is read as any other', () => {
    expect(read(compressed(`<134>Nov 21 06:00:00 web1 nginx: ${LINE}`))).toEqual({
      names: ['nginx', 'web1'],
      event: LINE,
    });
  });

  it('that grows beyond bounds, or begins with a z by chance, is taken as it is', () => {
    const bomb = compressed('0'.repeat(LONGEST + 1));
    expect(readSyslog(bomb, LONGEST).event.length).toBeLessThanOrEqual(bomb.length);
    expect(read('zebra')).toEqual({ names: [], event: 'zebra' });
  });
});
