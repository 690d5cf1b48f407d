import type { CheckedYaml, Mistake } from '#catalogue';
import type { ReceiversFile } from './receivers-file.js';
import { readSecret, type Surroundings } from './secret.js';
import type { SettingsFile } from './settings-file.js';

export type ForwardSecretsFile = Pick<NonNullable<ReceiversFile['forward']>, 'shared_key' | 'users'>;

/** What senders of Fluent Forward must know. Texts, since its handshake hashes them with bytes of each connection. */
export interface ForwardSecrets {
  readonly sharedKey: string;
  /** Passwords by user name. */
  readonly users: ReadonlyMap<string, string>;
}

/** Reads the secrets of the row `forward`, if it is there and has some. */
export function readForwardSecrets(
  file: string,
  { value, lineOf }: CheckedYaml<SettingsFile>,
  surroundings: Surroundings,
): { readonly secrets: ForwardSecrets | undefined; readonly mistakes: readonly Mistake[] } {
  const { shared_key, users } = value.ingest.receivers.forward ?? {};
  if (shared_key === undefined) return { secrets: undefined, mistakes: [] };
  const mistakes: Mistake[] = [];
  const read = (secret: typeof shared_key, ...place: string[]): string => {
    const text = readSecret(secret, surroundings);
    if (typeof text === 'string') return text;
    const setting = ['ingest', 'receivers', 'forward', ...place];
    mistakes.push({ file, line: lineOf(setting), message: `${setting.join('.')}: ${text.message}` });
    return '';
  };
  const sharedKey = read(shared_key, 'shared_key');
  const passwords = Object.entries(users ?? {}).map(
    ([name, password]) => [name, read(password, 'users', name)] as const,
  );
  return { secrets: { sharedKey, users: new Map(passwords) }, mistakes };
}
