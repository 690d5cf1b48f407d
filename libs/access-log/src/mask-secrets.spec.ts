import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { lineSample, SAMPLE_BYTES } from './line-sample.js';
import { maskSecrets } from './mask-secrets.js';

const NAMES = [
  ...[
    'token',
    'access_token',
    'id_token',
    'X-Auth-Token',
    'X-Subject-Token',
    'client_secret',
    'password',
    'passwd',
  ],
  ...[
    'pwd',
    'signature',
    'sig',
    'key',
    'api_key',
    'apiKey',
    'X-Api-Key',
    'AWSAccessKeyId',
    'X-Amz-Signature',
  ],
  ...[
    'X-Amz-Credential',
    'X-Amz-Security-Token',
    'X-Goog-Signature',
    'x-obs-security-token',
    'Authorization',
  ],
  ...['Proxy-Authorization', 'Cookie', 'Set-Cookie', 'JSESSIONID', 'jwt', 'SAMLResponse', 'user[password]'],
];

/** How a name and its value stand in a line. Values that hold blanks are only possible in some of them. */
const PLACES: Readonly<Record<string, (name: string, value: string) => string>> = {
  'a combined line': (name, value) =>
    `1.2.3.4 - - [21/Nov/2026:07:39:17 +0000] "GET /x?a=b&${name}=${value}&c=d HTTP/1.1" 503 -`,
  'the first parameter': (name, value) => `GET /x?${name}=${value} HTTP/1.1`,
  JSON: (name, value) => JSON.stringify({ status: 503, [name]: value, method: 'GET' }),
  'JSON in JSON': (name, value) => JSON.stringify({ log: JSON.stringify({ [name]: value, status: 503 }) }),
  'JSON of Go': (name, value) => `{"uri":"/x?a=b\\u0026${name}=${value}\\u0026c=d","status":503}`,
  'a list of JSON': (name, value) => JSON.stringify({ headers: { [name]: ['first', value] }, status: 503 }),
  'an object of JSON': (name, value) => JSON.stringify({ [name]: { kind: 'x', value }, status: 503 }),
  logfmt: (name, value) => `status=503 ${name}=${value} method=GET`,
  'logfmt with quotes': (name, value) => `status=503 ${name}="${value}" method=GET`,
  LTSV: (name, value) => `status:503\t${name}:${value}\tmethod:GET`,
  'a header': (name, value) => `${name}: ${value}`,
  'a header with Bearer': (name, value) => `${name}: Bearer ${value}`,
  'single quotes': (name, value) => `{'${name}': '${value}'}`,
  'a URL in a URL': (name, value) =>
    `GET /login?to=${encodeURIComponent(`https://x/?${name}=${value}`)} HTTP/1.1`,
  'a line that is cut off': (name, value) => `{"status":503,"${name}":"${value}`,
};

/** At least eight characters, so that it is not in the rest of the line by chance. */
const secret = fc
  .array(fc.constantFrom(...'abcXYZ0189-._~+/=%'), { minLength: 8, maxLength: 60 })
  .map((characters) => characters.join(''))
  .filter((text) => !/^[*]+$/.test(text));

const anyCase = (name: string) => fc.constantFrom(name, name.toLowerCase(), name.toUpperCase());

describe('no known secret survives', () => {
  it.each(Object.entries(PLACES))('in %s', (_, place) => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES).chain(anyCase), secret, (name, value) => {
        const masked = maskSecrets(place(name, value));
        expect(masked).not.toContain(value);
        expect(masked).not.toContain(encodeURIComponent(value));
        expect(masked).toContain('***');
      }),
      { numRuns: 500 },
    );
  });

  it('in a query, whatever letters of its name are percent-encoded', () => {
    const encoded = (name: string, which: readonly number[]): string =>
      [...name].map((letter, i) => (which[i]! > 1 ? percent(letter, which[i]! - 1) : letter)).join('');
    const percent = (letter: string, times: number): string =>
      `%${'25'.repeat(times - 1)}${letter.charCodeAt(0).toString(16)}`;
    const which = fc.array(fc.constantFrom(1, 1, 2, 3), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(fc.constantFrom(...NAMES, 'code').chain(anyCase), which, secret, (name, letters, value) => {
        for (const before of ['?', '?a=b&', '?to=https%3A%2F%2Fx%3Fa=b%26'])
          expect(
            maskSecrets(`"GET /x${before}${encoded(name, letters)}=${value}&c=d HTTP/1.1" 503`),
          ).not.toContain(value);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['https://user:hunter2-hunter2@host/x', 'hunter2'],
    ['redis://:p@ss@word@host:6379', 'word'],
    ['to=https%3A%2F%2Fuser%3Ahunter2%40host', 'hunter2'],
    ['"GET //user:hunter2@host/x"', 'hunter2'],
    ['upstream=user:hunter2@host', 'hunter2'],
    ['GET /cb?code=hunter2&a=b', 'hunter2'],
    ['{"uri":"/cb?a=b\\u0026code=hunter2"}', 'hunter2'],
    ['"Basic dXNlcjpodW50ZXIy"', 'dXNl'],
    ['bearer abcdef.ghi', 'ghi'],
    ['a eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl b', 'c2ln'],
    ['GET /AKIAIOSFODNN7EXAMPLE/x', 'IOSFODNN7EXAMPLE'],
    ['Authorization: AWS4-HMAC-SHA256 Credential=AKIAI/x, SignedHeaders=host, Signature=fe5f80', 'fe5f80'],
    ['authorization="Digest username=\\"me\\", response=\\"6629fae4\\""', '6629fae4'],
    ['Cookie: a=b; theme=6629fae4; c=d', '6629fae4'],
    ['"Cookie":["a=b","c=6629fae4"]', '6629fae4'],
    ['token=first token=6629fae4', '6629fae4'],
    ['token = 6629fae4', '6629fae4'],
    ['token=>"6629fae4"', '6629fae4'],
    ['token=a\\"6629fae4 x', '6629fae4'],
    ['token: "access_token":"6629fae4"', '6629fae4'],
    ['"token":"password":"key":"6629fae4"', '6629fae4'],
  ])('%s', (line, known) => {
    const masked = maskSecrets(line);
    expect(masked).not.toContain(known);
    expect(maskSecrets(masked)).toBe(masked);
  });
});

describe('the rest of a line', () => {
  it('stays as it is in the logs of all gateways', () => {
    for (const file of readdirSync('libs/access-log/test-data')) {
      const log = readFileSync(`libs/access-log/test-data/${file}`, 'utf8');
      expect(maskSecrets(log)).toBe(log);
    }
  });

  it.each([
    ['"GET /x?limit=5&token=abc&offset=2 HTTP/1.1" 503', '"GET /x?limit=5&token=***&offset=2 HTTP/1.1" 503'],
    ['{"token":"abc","status":503}', '{"token":"***","status":503}'],
    ['"Cookie":["a","b"],"status":503', '"Cookie":[***],"status":503'],
    ['password="a b" status=503', 'password="***" status=503'],
    ['https://user:abc@host/x', 'https://***@host/x'],
    ['{"code":"DCS.4027"} code=503 status_code:503', '{"code":"DCS.4027"} code=503 status_code:503'],
    ['GET /x?n%61me=jane@example.org', 'GET /x?name=jane@example.org'],
    ['design=5 author=me monk=6 :authority:x', 'design=5 author=me monk=6 :authority:x'],
  ])('%s', (line, masked) => expect(maskSecrets(line)).toBe(masked));

  it('is masked again without a change', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'token',
            '=',
            ':',
            '"',
            '\\',
            '[',
            ']',
            '{',
            ' ',
            '&',
            'a',
            'Basic ',
            '%3D',
            '://',
            '@',
          ),
        ),
        (parts) => {
          const masked = maskSecrets(parts.join(''));
          expect(maskSecrets(maskSecrets(masked))).toBe(maskSecrets(masked));
        },
      ),
    );
  });

  it.each([
    'key',
    '%6',
    '%61',
    'a%61',
    'x:',
    'a:b@',
    '?code=',
    'key]',
    'key%',
    'key ',
    '"',
    '\\',
    '://',
    'basic ',
    'eyJ',
    'token="',
    'key[',
    'cookie:',
  ])('takes no longer for a hostile line of %j', (part) => {
    const line = part.repeat(64_000 / part.length);
    const start = performance.now();
    maskSecrets(line);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('a sample of a line', () => {
  const sampleOf = (bytes: Uint8Array): string => lineSample(bytes, 0, bytes.length);

  it('is never longer than its bound', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2 * SAMPLE_BYTES }), (bytes) => {
        expect(Buffer.byteLength(sampleOf(bytes))).toBeLessThanOrEqual(SAMPLE_BYTES);
      }),
    );
  });

  it('is no longer for its masks', () => {
    const sample = sampleOf(Buffer.from('?key=a&'.repeat(100)));
    expect(Buffer.byteLength(sample)).toBeLessThanOrEqual(SAMPLE_BYTES);
  });

  it('does not end with half a character', () => {
    expect(sampleOf(Buffer.from(`a${'\u{1f600}'.repeat(100)}`))).toBe(`a${'\u{1f600}'.repeat(74)}`);
  });
});
