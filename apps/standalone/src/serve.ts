import { AlreadyRunning, type RedisProgram } from '#redis';
import { endOnSignal, followSettings } from '#lifecycle';
import { settingsOrExit, type Environment, type LiveSettings } from '#settings';
import { startStandalone, type Standalone } from './start.js';

/** Starts everything, or ends the process with a sentence that says why it cannot. */
export async function serveOrExit(
  environment: Environment,
): Promise<{ standalone: Standalone; settings: LiveSettings }> {
  const settings = settingsOrExit(environment, { needsRedis: false });
  const program = environment['STATUSLENS_REDIS_SERVER'];
  try {
    const standalone = await startStandalone(
      settings,
      program === undefined ? undefined : (JSON.parse(program) as RedisProgram),
    );
    followSettings(settings);
    endOnSignal(settings, standalone.stop);
    endWithRedis(standalone);
    return { standalone, settings };
  } catch (error) {
    const reason =
      error instanceof AlreadyRunning ? 'statuslens is already running' : 'statuslens cannot start';
    process.stderr.write(`${reason}: ${(error as Error).message}\n`);
    process.exit(1);
  }
}

/** Ends at once if Redis dies: without it nothing can be promised. */
function endWithRedis({ redisDied }: Standalone): void {
  void redisDied.then((code) => {
    process.stderr.write(`statuslens ends: its Redis ended with ${code ?? 'a signal'}\n`);
    process.exit(1);
  });
}
