import { InvalidSettings, VERSION } from '#settings';
import { analyze } from './commands/analyze.js';
import { catalogue } from './commands/catalogue.js';
import { checkConfig } from './commands/check-config.js';
import { classify } from './commands/classify.js';
import { dashboards } from './commands/dashboards.js';
import { dead } from './commands/dead.js';
import { explainStatus } from './commands/explain.js';
import { reconcile } from './commands/reconcile.js';
import { rejected } from './commands/rejected.js';
import { rules } from './commands/rules.js';
import { suspects } from './commands/suspects.js';
import { test } from './commands/test.js';
import { token } from './commands/token.js';
import { UnreadableInput, UsageError, type Command, type ExitCode, type Io } from './io.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  analyze,
  catalogue,
  classify,
  'check-config': checkConfig,
  dead,
  explain: explainStatus,
  reconcile,
  rejected,
  rules,
  dashboards,
  suspects,
  test,
  token,
};

/** Runs one command line. @param argv without node and script @returns the exit code */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [name = '', ...args] = argv;
  if (name === '--version') return say(io, VERSION);
  if (name === '--help' || name === '-h' || name === 'help') return say(io, overview());
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    io.stderr.write(`${name === '' ? 'no command given' : `unknown command "${name}"`}\n\n${overview()}\n`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h'))
    return say(io, `usage: ${command.usage}\n${command.about}`);
  try {
    return await command.run(args, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr.write(`${error.message}\nusage: ${command.usage}\n`);
      return 2;
    }
    if (!(error instanceof InvalidSettings || error instanceof UnreadableInput)) throw error;
    io.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function overview(): string {
  const names = Object.keys(COMMANDS);
  const width = Math.max(...names.map((name) => name.length));
  return [
    'statuslens judges HTTP statuses by the document of the storage vendor that sent them.',
    '',
    ...names.map((name) => `  ${name.padEnd(width)}  ${COMMANDS[name]!.about}`),
    '',
    'statuslens COMMAND --help tells more.',
  ].join('\n');
}

function say(io: Io, text: string): ExitCode {
  io.stdout.write(`${text}\n`);
  return 0;
}
