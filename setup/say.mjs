// @ts-check

/**
 * One line for whoever waits. On stderr, for stdout belongs to the program that is being set up.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a script's main function; what goes wrong in it is told as a sentence, not as a stack trace.
 * @param {() => Promise<void>} main
 */
export async function runScript(main) {
  try {
    await main();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
