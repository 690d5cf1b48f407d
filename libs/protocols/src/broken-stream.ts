/** Bytes that are not what their protocol says; nothing behind them can be read. */
export class BrokenStream extends Error {
  constructor(
    message: string,
    /** What whoever runs the sender should do. */
    readonly hint: string,
  ) {
    super(message);
    this.name = 'BrokenStream';
  }
}
