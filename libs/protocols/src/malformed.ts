/** What a shipper sent is not what its protocol says. The message is for whoever sent it: what is wrong, and where. */
export class Malformed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Malformed';
  }
}
