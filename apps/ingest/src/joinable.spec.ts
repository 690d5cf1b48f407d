import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadSettings } from '#settings';
import { readBody } from './body.js';
import { joinable } from './joinable.js';
import { Refused } from './refusal.js';

const TEXT = '127.0.0.1 - - [21/Nov/2026:07:39:17 +0000] "GET /a HTTP/1.1" 503 12 "-" "curl"';
const OBJECT = '{"status":503,"request_method":"GET","request_uri":"/a"}';

const file = join(mkdtempSync(join(tmpdir(), 'statuslens-joinable-')), 'statuslens.yaml');
writeFileSync(
  file,
  'sources: { text: { format: combined }, any: {}, alike: { format: combined, repeats: by_content } }',
);
const { sources } = loadSettings(file, {});

const joined = (source: string, body: string | Buffer, encoding?: string, limit = 256 * 1024 ** 2) =>
  joinable(sources.get(source)!, readBody(Buffer.from(body), encoding), limit);

describe('a body that can be joined to others', () => {
  it.each([
    { body: TEXT, lane: 'text texts combined', lines: `${TEXT}\n`, why: 'a line without its end gets one' },
    {
      body: `${TEXT}\n`,
      lane: 'text texts combined',
      lines: `${TEXT}\n`,
      why: 'a line that has one keeps it',
    },
    {
      body: OBJECT,
      lane: 'text objects combined',
      lines: `${OBJECT}\n`,
      why: 'objects are read another way',
    },
  ])('$why', async ({ body, lane, lines }) => {
    expect(await joined('text', body)).toEqual({
      lane,
      lines: Buffer.from(lines),
      largestGroup: 512 * 1024,
    });
  });

  it('is one of its format, where that is told from the lines', async () => {
    expect((await joined('any', TEXT))?.lane).toBe('any texts combined');
    expect((await joined('any', OBJECT))?.lane).toBe('any objects nginx-json');
    expect(await joined('any', 'nothing that anybody knows')).toBeUndefined();
  });

  it('may be compressed', async () => {
    expect((await joined('text', gzipSync(TEXT), 'gzip'))?.lines.toString()).toBe(`${TEXT}\n`);
  });

  it.each([
    ['is told from its bytes', 'alike', TEXT],
    ['is a list', 'text', `[${OBJECT}]`],
    ['is a list in an object', 'text', `{ "records": [${OBJECT}]}`],
    ['begins with a byte order mark', 'text', `\ufeff${TEXT}`],
    ['is blank', 'text', ' \n'],
    ['is large', 'text', `${TEXT}\n`.repeat(1000)],
    ['inflates to much', 'text', gzipSync(`${TEXT}\n`.repeat(1000))],
    ['cannot be inflated', 'text', gzipSync(TEXT).subarray(0, -9)],
  ])('is not one that %s', async (_what, source, body) => {
    expect(await joined(source, body)).toBeUndefined();
  });

  it('is so small that eight of them are within the limit of a batch', async () => {
    const limit = 8 * (TEXT.length + 1);
    expect((await joined('text', `${TEXT}\n`, undefined, limit))?.largestGroup).toBe(limit);
    expect(await joined('text', `${TEXT}\n`, undefined, limit - 1)).toBeUndefined();
    expect(await joined('text', gzipSync(`${TEXT}\n`), undefined, limit - 1)).toBeUndefined();
  });

  it('is a log: else its neighbours would be refused with it', async () => {
    await expect(joined('text', Buffer.alloc(100, 1))).rejects.toThrow(Refused);
  });
});
