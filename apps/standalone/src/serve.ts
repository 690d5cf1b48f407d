import { AlreadyRunning, type RedisProgram } from '#redis';
import { settingsOrExit, type Environment, type Settings } from '#settings';
import { startStandalone, type Standalone } from './start.js';

/** Starts everything, or ends the process with a sentence that says why it cannot. */
export async function serveOrExit(
  environment: Environment,
): Promise<{ standalone: Standalone; settings: Settings; end: () => Promise<void> }> {
  const settings = settingsOrExit(environment, { needsRedis: false });
  const program = environment['STATUSLENS_REDIS_SERVER'];
  try {
    const standalone = await startStandalone(
      settings,
      program === undefined ? undefined : (JSON.parse(program) as RedisProgram),
    );
    return { standalone, settings, end: ending(standalone) };
  } catch (error) {
    const reason =
      error instanceof AlreadyRunning ? 'statuslens is already running' : 'statuslens cannot start';
    process.stderr.write(`${reason}: ${(error as Error).message}\n`);
    process.exit(1);
  }
}

/**
 * Ends in order on a signal, and at once if Redis dies: without it nothing can be promised.
 * @returns what ends the process in order
 */
function ending(standalone: Standalone): () => Promise<void> {
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await standalone.stop();
    process.exit(0);
  };
  process.on('SIGINT', () => void end()).on('SIGTERM', () => void end());
  void standalone.redis?.exited.then((code) => {
    if (ending) return;
    process.stderr.write(`statuslens ends: its Redis ended with ${code ?? 'a signal'}\n`);
    process.exit(1);
  });
  return end;
}
