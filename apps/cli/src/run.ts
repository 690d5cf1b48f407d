import { InvalidSettings, VERSION } from '#settings';
import { UnreadableInput, UsageError, type Command, type ExitCode, type Io } from './io.js';

/** A command is loaded when it is called: most need no more than a part of what all of them need. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  analyze: async () => (await import('./commands/analyze.js')).analyze,
  catalogue: async () => (await import('./commands/catalogue.js')).catalogue,
  classify: async () => (await import('./commands/classify.js')).classify,
  'check-config': async () => (await import('./commands/check-config.js')).checkConfig,
  dead: async () => (await import('./commands/dead.js')).dead,
  explain: async () => (await import('./commands/explain.js')).explainStatus,
  reconcile: async () => (await import('./commands/reconcile.js')).reconcile,
  rejected: async () => (await import('./commands/rejected.js')).rejected,
  rules: async () => (await import('./commands/rules.js')).rules,
  dashboards: async () => (await import('./commands/dashboards.js')).dashboards,
  suspects: async () => (await import('./commands/suspects.js')).suspects,
  test: async () => (await import('./commands/test.js')).test,
  token: async () => (await import('./commands/token.js')).token,
};

/** Runs one command line. @param argv without node and script @returns the exit code */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [name = '', ...args] = argv;
  if (name === '--version') return say(io, VERSION);
  if (name === '--help' || name === '-h' || name === 'help') return say(io, await overview());
  const command = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]!() : undefined;
  if (!command) {
    const mistake = name === '' ? 'no command given' : `unknown command "${name}"`;
    io.stderr.write(`${mistake}\n\n${await overview()}\n`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h'))
    return say(io, [`usage: ${command.usage}`, command.about, ...(command.options ?? [])].join('\n'));
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

async function overview(): Promise<string> {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines: string[] = [];
  for (const [name, command] of Object.entries(COMMANDS))
    lines.push(`  ${name.padEnd(width)}  ${(await command()).about}`);
  return [
    'statuslens judges HTTP statuses by the document of the storage vendor that sent them.',
    '',
    ...lines,
    '',
    'statuslens COMMAND --help tells more.',
  ].join('\n');
}

function say(io: Io, text: string): ExitCode {
  io.stdout.write(`${text}\n`);
  return 0;
}
