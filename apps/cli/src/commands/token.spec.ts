import { createHash } from 'node:crypto';
import { isAuthorized } from '#listener';
import { settingsFor } from '../../../../test/harness/settings.js';
import { statuslens } from '../../../../test/harness/command-line.js';

const REDIS = 'redis://127.0.0.1:1';

describe('statuslens token', () => {
  it('makes a token that the settings know by its hash', async () => {
    const { stdout } = await statuslens(['token']);
    const [, token, hash] = stdout.match(/only now: ([\w-]{43})\nhash.*\{ sha256: ([0-9a-f]{64}) \} \}\n$/)!;
    expect(hash).toBe(createHash('sha256').update(token!).digest('hex'));
    expect((await statuslens(['token'])).stdout).not.toContain(token!);
    const { credentials } = settingsFor(REDIS, {
      sources: { a: { auth: { bearer: { sha256: hash } } } },
    }).now.sources.get('a')!;
    expect(await isAuthorized(`Bearer ${token}`, credentials)).toBe(true);
    expect(await isAuthorized(`Bearer ${hash}`, credentials)).toBe(false);
  });

  it('hashes a password that people choose, differently each time', async () => {
    const { stdout } = await statuslens(['token', '--password'], { input: 'pass:word\n' });
    const [, scrypt] = stdout.match(/\{ scrypt: (\S+) \}/)!;
    expect((await statuslens(['token', '--password'], { input: 'pass:word\n' })).stdout).not.toContain(
      scrypt!,
    );
    const auth = { basic: { username: 'shipper', password: [{ scrypt }, 'old'] } };
    const { credentials } = settingsFor(REDIS, { sources: { a: { auth } } }).now.sources.get('a')!;
    const basic = (text: string) => isAuthorized(`Basic ${btoa(text)}`, credentials);
    expect(await basic('shipper:pass:word')).toBe(true);
    expect(await basic('shipper:old')).toBe(true);
    expect(await basic('shipper:pass')).toBe(false);
    expect(await basic('somebody:pass:word')).toBe(false);
  });

  it('needs a password where it is to hash one', async () => {
    expect(await statuslens(['token', '--password'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'there is no password on standard input\n',
    });
  });
});
