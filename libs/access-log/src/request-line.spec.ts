import { NO_METHOD, methodEnd, protocolStart } from './request-line.js';

describe('a request line', () => {
  it.each([
    ['GET /a HTTP/1.1', '/a'],
    ['GET /a b HTTP/1.1', '/a b'],
    ['GET /a HTTP/', '/a'],
    ['GET /a', '/a'],
    ['GET /a H1.1', '/a H1.1'],
  ])('%s asks for %s, whatever stands behind it', (line, path) => {
    for (const behind of ['', '/', ' HTTP/1.1', 'TTP/1.1', 'x/y']) {
      const bytes = Buffer.from(line + behind);
      const start = methodEnd(bytes, 0, line.length) + 1;
      expect(bytes.toString('latin1', start, protocolStart(bytes, start, line.length))).toBe(path);
    }
  });

  it.each(['', '-', '<BADREQ>', '\x16\x03\x01', 'GET'])('%j is none', (line) => {
    expect(methodEnd(Buffer.from(line), 0, line.length)).toBe(NO_METHOD);
  });
});
