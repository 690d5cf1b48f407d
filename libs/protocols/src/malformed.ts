/** Bytes that are not what their protocol says; nothing behind them can be read. */
export class Malformed extends Error {
  constructor(
    message: string,
    /** What whoever runs the sender should do. */
    readonly hint: string,
  ) {
    super(message);
    this.name = 'Malformed';
  }
}
