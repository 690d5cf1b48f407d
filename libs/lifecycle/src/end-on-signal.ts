import type { LiveSettings } from '#settings';

/** As shells report a process that a signal ended. */
const EXIT_CODES: { readonly SIGINT: number; readonly SIGTERM: number } = { SIGINT: 130, SIGTERM: 143 };

/**
 * Ends this process on SIGTERM and SIGINT: in order and with 0, after `shutdown.deadline` in any case, and at once on
 * a second signal. Whatever is cut off was not acknowledged to anybody: it is sent or delivered again.
 * @param end is told how long senders are to be given to go elsewhere: no time at all by a person at a keyboard
 */
export function endOnSignal(settings: LiveSettings, end: (noticeMs: number) => Promise<void>): void {
  let ending = false;
  const take = (signal: keyof typeof EXIT_CODES): void => {
    if (ending) process.exit(EXIT_CODES[signal]);
    ending = true;
    const { deadline, notice } = settings.now.shutdown;
    setTimeout(() => {
      process.stderr.write(
        `statuslens ends after ${deadline / 1000} s (shutdown.deadline) with work left: it will be delivered again\n`,
      );
      process.exit(0);
    }, deadline).unref();
    end(signal === 'SIGTERM' ? notice : 0).then(
      () => process.exit(0),
      (error: Error) => {
        process.stderr.write(`statuslens did not end in order: ${error.message}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', take).on('SIGTERM', take);
}
