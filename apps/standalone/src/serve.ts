import { AlreadyRunning, type RedisProgram } from '#redis';
import { settingsOrExit, type Environment, type Settings } from '#settings';
import { startStandalone, type Standalone } from './start.js';

/** Starts everything, or ends the process with a sentence that says why it cannot. */
export async function serveOrExit(
  environment: Environment,
): Promise<{ standalone: Standalone; settings: Settings }> {
  const settings = settingsOrExit(environment, { needsRedis: false });
  const program = environment['STATUSLENS_REDIS_SERVER'];
  try {
    const standalone = await startStandalone(
      settings,
      program === undefined ? undefined : (JSON.parse(program) as RedisProgram),
    );
    endWith(standalone);
    return { standalone, settings };
  } catch (error) {
    const reason =
      error instanceof AlreadyRunning ? 'statuslens is already running' : 'statuslens cannot start';
    process.stderr.write(`${reason}: ${(error as Error).message}\n`);
    process.exit(1);
  }
}

/** Ends in order on a signal, and at once if Redis dies: without it nothing can be promised. */
function endWith({ stop, redisDied }: Standalone): void {
  const end = (): void => void stop().then(() => process.exit(0));
  process.on('SIGINT', end).on('SIGTERM', end);
  void redisDied.then((code) => {
    process.stderr.write(`statuslens ends: its Redis ended with ${code ?? 'a signal'}\n`);
    process.exit(1);
  });
}
