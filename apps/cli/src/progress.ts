import { SingleBar } from 'cli-progress';
import type { Io } from './io.js';

/** Bytes done of bytes to do, drawn on the terminal; nothing where standard error is not one. */
export class Progress {
  private readonly bar: SingleBar | undefined;

  constructor(total: number, { stderr }: Io) {
    if (!stderr.isTTY || total === 0) return;
    this.bar = new SingleBar({
      stream: stderr,
      format: '{bar} {percentage}% of {size}, {eta_formatted} left',
      hideCursor: true,
      clearOnComplete: true,
    });
    this.bar.start(total, 0, { size: `${(total / 1024 ** 2).toFixed(1)} MiB` });
  }

  advance(bytes: number): void {
    this.bar?.increment(bytes);
  }

  stop(): void {
    this.bar?.stop();
  }
}
