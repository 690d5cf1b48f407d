import { createHash, randomBytes } from 'node:crypto';
import { scryptText } from '#listener';
import { parse } from '../arguments.js';
import { UnreadableInput, UsageError, type Command } from '../io.js';

/** So many that nobody can guess them, so that a fast hash is enough. */
const TOKEN_BYTES = 32;

/** Makes a token, or hashes a password, for `auth` of the settings. */
export const token: Command = {
  usage:
    'statuslens token [--password]\n' +
    '  --password reads a password from standard input instead of making a token',
  about: 'makes a token for senders, and its hash for the settings',
  async run(args, io) {
    const { values, positionals } = parse(args, { password: { type: 'boolean', default: false } });
    if (positionals.length > 0) throw new UsageError(`unexpected argument "${positionals[0]}"`);
    io.stdout.write(values.password ? await ofPassword(io.stdin) : ofNewToken());
    return 0;
  },
};

function ofNewToken(): string {
  const secret = randomBytes(TOKEN_BYTES).toString('base64url');
  const sha256 = createHash('sha256').update(secret).digest('hex');
  return [
    `token, for the sender; it is shown only now: ${secret}`,
    `hash, for the settings: auth: { bearer: { sha256: ${sha256} } }`,
    '',
  ].join('\n');
}

async function ofPassword(stdin: AsyncIterable<Buffer | string>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stdin) pieces.push(Buffer.from(piece));
  const password = Buffer.concat(pieces)
    .toString()
    .replace(/\r?\n$/, '');
  if (password === '') throw new UnreadableInput('there is no password on standard input');
  const hash = await scryptText(password);
  return `hash, for the settings: auth: { basic: { username: NAME, password: { scrypt: ${hash} } } }\n`;
}
