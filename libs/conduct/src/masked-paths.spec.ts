import fc from 'fast-check';
import { Text, maskSecrets } from '#access-log';
import { MAY_HOLD_SECRET, MaskedPaths } from './masked-paths.js';

function shown(path: string): string {
  const text = new Text();
  const bytes = Buffer.from(path);
  text.set(bytes, 0, bytes.length);
  return new MaskedPaths().of(text, 0);
}

const parts = fc.oneof(
  fc.constantFrom('token', 'session', 'basic', 'code', 'auth', 'eyJ', 'AKIA', 'ASIA', '12345678ABCDEFGH'),
  fc.constantFrom('/', '//', '.', '-', '_', '~', '?', '=', ':', '%3d', '@', ' ', '+', '&', '"'),
  fc.string({ maxLength: 4 }),
);

describe('a path that is shown', () => {
  it('has no secret, and is masked only if it may have one', () => {
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (some) => {
        const path = some.join('');
        expect(shown(path)).toBe(maskSecrets(path).slice(0, 200));
        if (!MAY_HOLD_SECRET.test(path)) expect(maskSecrets(path)).toBe(path);
      }),
    );
  });
});
