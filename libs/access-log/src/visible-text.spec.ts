import fc from 'fast-check';
import { visibleText } from './visible-text.js';

describe('visible text', () => {
  it('writes what a terminal would obey as numbers', () => {
    expect(visibleText('a\u001b[2J\u0007\u009b\u202e\ufeff\u{e0041}\n\tb')).toBe(
      'a\\x1b[2J\\x07\\x9b\\u{202e}\\u{feff}\\u{e0041}\\x0a\\x09b',
    );
  });

  it('leaves nothing that is unseen, and all that is seen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visibleText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
    expect(visibleText('"GET /ä?x=%20 HTTP/1.1" 503 日本')).toBe('"GET /ä?x=%20 HTTP/1.1" 503 日本');
  });
});
