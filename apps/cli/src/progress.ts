import type { SingleBar } from 'cli-progress';
import type { Io } from './io.js';

/** Bytes done of bytes to do, drawn on the terminal; nothing where standard error is not one. */
export class Progress {
  private constructor(private readonly bar: SingleBar | undefined) {}

  static async start(total: number, { stderr }: Io): Promise<Progress> {
    if (!stderr.isTTY || total === 0) return new Progress(undefined);
    const { SingleBar } = await import('cli-progress');
    const bar = new SingleBar({
      stream: stderr,
      format: '{bar} {percentage}% of {size}, {eta_formatted} left',
      hideCursor: true,
      clearOnComplete: true,
    });
    bar.start(total, 0, { size: `${(total / 1024 ** 2).toFixed(1)} MiB` });
    return new Progress(bar);
  }

  advance(bytes: number): void {
    this.bar?.increment(bytes);
  }

  stop(): void {
    this.bar?.stop();
  }
}
