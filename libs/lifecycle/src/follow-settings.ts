import { closeSync, openSync } from 'node:fs';
import { WatchedFiles, type LiveSettings } from '#settings';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const warn = (text: string): void => void process.stderr.write(`${text}\n`);

/** Reads the settings again on SIGHUP and whenever one of their files has changed, and says what came of it. */
export function followSettings(settings: LiveSettings): void {
  let told = '';
  const reload = (asked: boolean): void => {
    const changes = settings.reload();
    const trouble = troubleOf(settings);
    if (changes.length > 0) say(`settings: in force now: ${changes.join(', ')}`);
    else if (trouble === '' && (asked || told !== '')) say('settings: read again, nothing is different');
    if (trouble !== '' && (asked || trouble !== told)) warn(trouble);
    told = trouble;
  };
  new WatchedFiles(
    () => settings.paths,
    () => reload(false),
    unwatched(settings),
  );
  const hadTerminal = hasTerminal();
  process.on('SIGHUP', () => {
    // a terminal that is closed says so with the same signal
    if (hadTerminal && !hasTerminal()) process.kill(process.pid, 'SIGINT');
    else reload(true);
  });
}

/** What whoever changed the files must know; empty if all of it is in force. */
function troubleOf(settings: LiveSettings): string {
  const { mistakes, needRestart } = settings.state;
  if (mistakes.length > 0)
    return ['settings: those of before stay in force, for the files cannot be used:', ...mistakes].join('\n');
  if (needRestart.length > 0) return `settings: ${needRestart.join(', ')} need a restart to change`;
  return '';
}

const unwatched =
  ({ file }: LiveSettings) =>
  (folder: string, error: Error): void =>
    warn(`settings: changes in ${folder} are not seen (${error.message}); SIGHUP reads ${file} again`);

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
